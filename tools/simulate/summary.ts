import { TRANSITIONS } from './transitions.ts';
import type { Tally } from './tally.ts';

/** The counts of a run, on half a page. */
export function summaryOf(tally: Tally, tookMs: number): string {
  const { seeds, transitions } = tally;
  const part = (count: number) => `${Math.round((100 * count) / Math.max(1, seeds))} %`;
  const perSecond = Math.round(seeds / (tookMs / 1_000));
  const lines = [
    `${seeds} seeds in ${(tookMs / 1_000).toFixed(1)} s (${perSecond} a second)`,
    [
      `crash ${part(tally.crashed)}`,
      `lost answer ${part(tally.lost)}`,
      `throttled ${part(tally.throttled)}`,
      `save refused ${part(tally.conflicts)}`,
      `two at once ${part(tally.doubles)}`,
    ].join(', '),
    '',
  ];
  const names = [...new Set([...TRANSITIONS, ...Object.keys(transitions)])];
  const cells = names.map(
    (name) => `${name.padEnd(32)}${String(transitions[name] ?? 0).padStart(8)}`,
  );
  const rows = Math.ceil(cells.length / 2);
  for (let row = 0; row < rows; row += 1) {
    lines.push([cells[row], cells[row + rows] ?? ''].join('    ').trimEnd());
  }
  return lines.join('\n');
}

const STORY_LINES = 60;
/** The last lines are shown whatever they are about, except for routine ones. */
const TAIL_LINES = 15;
const ROUTINE = /  (begins|answered|log (debug|info)|list open)\b/;

/** What led to the fault: the lines about the instances that it names, and the last lines. */
export function shorten(story: readonly string[], fault: string): string[] {
  const named = [...fault.matchAll(/\bi-\d+\b/g)].map(([id]) => id);
  const isAbout = (line: string) =>
    /FAULT|CRASH|LOST|KILLED|presses|somebody|client/.test(line) ||
    /→/.test(line) ||
    named.some((id) => line.includes(`${id} `));
  const end = story.findIndex((line) => line.includes('FAULT'));
  const upTo = story
    .slice(0, end < 0 ? story.length : end + 1)
    .filter((line) => !ROUTINE.test(line));
  const before = upTo.slice(0, -TAIL_LINES).filter(isAbout);
  return [...before.slice(TAIL_LINES - STORY_LINES), ...upTo.slice(-TAIL_LINES)];
}

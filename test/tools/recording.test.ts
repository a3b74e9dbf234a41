import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, test } from 'vitest';
import { GROUPS, KEY_PAIRS, WANTED_KEY_PAIR } from '../../tools/demo/fleet.ts';
import { progressLine } from '../../tools/demo/progress.ts';
import { report } from '../../tools/demo/report.ts';
import type { RolloutView } from '../../tools/demo/webhook.ts';
import { readCast, writeCast } from '../../tools/recording/cast.ts';
import { drawCast } from '../../tools/recording/draw.ts';
import { piecesOf } from '../../tools/recording/paint.ts';

const docs = (name: string) =>
  readFileSync(resolve(import.meta.dirname, '../../docs', name), 'utf8');
const castText = docs('demo.cast');
const picture = docs('demo.svg');
const cast = readCast(castText);
const printed = cast.lines.map(({ text }) => text);

/** GitHub shows larger ones too, but they are loaded by everybody who looks at README: our own choice. */
const MAX_BYTES = 60_000;

describe('the picture of the demo', () => {
  test('is drawn of what was recorded', ({ expect }) => {
    expect(drawCast(cast) === picture, 'docs/demo.svg is old: npm run recording -- --draw').toBe(
      true,
    );
    expect(writeCast(cast)).toBe(castText);
  });

  test('is small, and loads and runs nothing', ({ expect }) => {
    expect(Buffer.byteLength(picture)).toBeLessThan(MAX_BYTES);
    expect(picture).not.toMatch(/<script|href|url\(|@import|@font-face|<image|<foreignObject/i);
  });

  test('shows its last screen where nothing moves', ({ expect }) => {
    const [style = '', drawing = ''] = picture.split('</style>');
    const still = style.slice(0, style.indexOf('@media'));
    expect(still).not.toContain('animation');
    expect(still).not.toContain('hidden');
    expect(style).toContain('@media (prefers-reduced-motion:no-preference)');
    // The last line stands in the last row that is seen.
    const shiftPx = Number(/\.s\{transform:translateY\((-?\d+)px\)/.exec(still)![1]);
    const lastPx = Math.max(...[...drawing.matchAll(/<text[^>]* y="(\d+)"/g)].map(([, y]) => +y!));
    const heightPx = Number(/<svg x[^>]* height="(\d+)"/.exec(drawing)![1]);
    expect(lastPx + shiftPx).toBeLessThan(heightPx);
    expect(lastPx + shiftPx).toBeGreaterThan(heightPx - 16);
  });
});

describe('the recording', () => {
  test('is of the fleet that the demo has', ({ expect }) => {
    const count = GROUPS.reduce((sum, { seed }) => sum + seed.count, 0);
    expect(printed[0]).toContain(`A fleet of ${count} instances`);
    expect(printed[1]).toContain(`key pair ${WANTED_KEY_PAIR} to all of them`);
    const replaced = GROUPS.find(({ seed }) => seed.keyPairName === KEY_PAIRS[0]!.name)!.seed.count;
    expect(printed.join('\n')).toContain(
      `key pair ${KEY_PAIRS[0]!.name} is replaced on ${replaced} instances`,
    );
  });

  test('has the lines of progress that the demo prints', ({ expect }) => {
    const lines = printed.filter((line) => /^ *[\d.]+ s {2}(?:fleet|pilot) {2}[█▒░]/.test(line));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) expect(progressAgain(line)).toBe(line);
  });

  test('ends with what the demo reports', ({ expect }) => {
    const said: string[] = [];
    const { view, result } = asPlanned();
    report((text) => said.push(...text.split('\n')), { view, pilot: undefined }, result, 0);
    const [outcomes, calls] = [
      said.indexOf(''),
      said.findIndex((line) => /call to ECS/.test(line)),
    ];
    const block = said.slice(outcomes + 1, calls - 1).join('\n');
    expect(printed.join('\n')).toContain(block);
    expect(printed).toContain(said[calls]);
    expect(printed.at(-1)).toBe(said.at(-1));
  });
});

test('a line is drawn of words, bars and rules, each from its column on', ({ expect }) => {
  expect(piecesOf('  1.0 s  fleet  █▒░░  wave 1')).toEqual([
    { kind: 'text', column: 2, text: '1.0 s', look: 'dim' },
    { kind: 'text', column: 9, text: 'fleet', look: 'plain' },
    { kind: 'bar', column: 16, cells: 1, look: 'good' },
    { kind: 'bar', column: 17, cells: 1, look: 'warn' },
    { kind: 'bar', column: 18, cells: 2, look: 'empty' },
    { kind: 'text', column: 22, text: 'wave 1', look: 'plain' },
  ]);
  expect(piecesOf('')).toEqual([]);
});

test('text cannot become markup', ({ expect }) => {
  const lines = [{ atMs: 1_000, text: '<script>"&' }];
  const drawn = drawCast({ columns: 20, rows: 3, command: 'a <b>', timestampSec: 0, lines });
  expect(drawn).toContain('&lt;script&gt;&quot;&amp;');
  expect(drawn).not.toMatch(/<script|<b>/);
});

/** The line that the demo prints today of the numbers in a line that it printed. */
function progressAgain(line: string): string {
  const number = (pattern: RegExp) => Number(pattern.exec(line)?.[1] ?? 0);
  const [ready, back] = [number(/ready (\d+)/), number(/running again (\d+)/)];
  const [restarting, trouble] = [number(/restarting (\d+)/), number(/not restarted (\d+)/)];
  const attached = number(/attached (\d+)/);
  const due = attached - ready - back - restarting - trouble;
  const results = [
    ...Array.from({ length: ready }, () => ({ kind: 'ready' })),
    ...Array.from({ length: back }, () => ({ kind: 'booting', runningAtMs: 1 })),
    ...Array.from({ length: restarting }, () => ({ kind: 'booting' })),
    ...Array.from({ length: trouble }, () => ({ kind: 'failed' })),
    ...Array.from({ length: due }, () => ({ kind: 'due' })),
  ].map((restart) => ({ restart }));
  const view = {
    attachedCount: attached,
    skipCount: number(/skipped (\d+)/),
    waitingCount: number(/waiting (\d+)/),
    wave: { current: number(/wave (\d+) of/), of: number(/wave \d+ of (\d+)/) },
    results,
  } as unknown as RolloutView;
  return progressLine(view, number(/^ *([\d.]+) s/) * 1_000, /fleet|pilot/.exec(line)![0]);
}

/** What the demo knows at its end of the fleet that it has today, when all went as planned. */
function asPlanned() {
  const results = GROUPS.flatMap(({ seed, expected }) => {
    const { kind, reason, restart } = expected;
    const how = restart === 'none' ? {} : { restart: { kind: 'ready', how: restart } };
    const one = { kind, ...(reason === '' ? {} : { reason }), ...how };
    return Array.from({ length: seed.count }, () => one);
  });
  const count = (how: string) => results.filter(({ restart }) => restart?.how === how).length;
  const [rebooted, started] = [count('reboot'), count('start')];
  return {
    view: {
      results: [...results, { kind: 'skipped', reason: 'not-found' }],
    } as unknown as RolloutView,
    result: {
      instances: results.length + 1,
      attached: rebooted + started,
      failed: 0,
      skipped: results.length + 1 - rebooted - started,
      unknown: 0,
      waiting: 0,
      rebooted,
      started,
      effective: rebooted + started,
      launched: 2,
      apiCalls: { AttachKeyPair: 5, DescribeInstances: 16 },
      ok: true,
    },
  };
}

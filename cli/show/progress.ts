import { countStates } from '../../shared/domain/workflow/instance-state.ts';
import type { InstanceView, RolloutView } from '../api/views.ts';
import type { Screen } from '../io.ts';
import { bar } from './bar.ts';
import { timeOfDay } from './duration.ts';
import type { Paint } from './paint.ts';
import { countText } from './rollout.ts';
import { clip, count, joined, pad, plain } from './text.ts';
import type { View } from './view.ts';
import { timeLeft, waitingText } from './waiting.ts';

/** Widest bar: our own choice. */
const BAR_COLUMNS = 40;
const LABEL_COLUMNS = 10;
/** Lines of a frame that are no bars. */
const OTHER_LINES = 7;
/** Instances named as restarting: our own choice. */
const NAMES_SHOWN = 6;

/**
 * Draws a running rollout for a terminal: one bar a wave, counts, what restarts now, time left.
 *
 * @param trouble a connection problem to show; '' for none
 */
export function frameOf(
  rollout: RolloutView,
  trouble: string,
  { columns, rows }: Pick<Screen, 'columns' | 'rows'>,
  { nowMs, paint }: Pick<View, 'nowMs' | 'paint'>,
): string[] {
  const { rolloutId, status, keyPair, wave } = rollout;
  const barColumns = Math.max(8, Math.min(BAR_COLUMNS, columns - LABEL_COLUMNS - 34));
  const progress = wave.of === 0 ? '' : `  wave ${wave.current} of ${wave.of}`;
  return [
    `${rolloutId}  ${paint('bold', plain(status))}  key pair ${plain(keyPair.name)}${progress}`,
    ...waveLines(rollout, Math.max(3, rows - OTHER_LINES), barColumns, paint),
    countText(rollout, paint),
    restartingNow(rollout),
    paint('yellow', waitingText(rollout, nowMs)),
    timeLeft(rollout, nowMs),
    paint('red', plain(trouble)),
  ]
    .filter((line) => line !== '')
    .map((line) => clip(line, columns - 1));
}

/** One line for a log, with the time. */
export function lineOf(rollout: RolloutView, nowMs: number): string {
  return joined('  ', timeOfDay(nowMs), changeOf(rollout), timeLeft(rollout, nowMs));
}

/** A log line without its times. A new line is due when this text changes. */
export function changeOf(rollout: RolloutView): string {
  const { status, wave, waitingFor } = rollout;
  return joined(
    '  ',
    plain(status),
    wave.of === 0 ? '' : `wave ${wave.current}/${wave.of}`,
    countText(rollout),
    restartingNow(rollout),
    waitingFor && `waits for ${plain(waitingFor)}`,
  );
}

function restartingNow({ results }: RolloutView): string {
  const busy = results.filter(({ state }) => state === 'restarting');
  if (busy.length === 0) return '';
  const names = busy.slice(0, NAMES_SHOWN).map(nameOf);
  const more = busy.length > NAMES_SHOWN ? ` and ${busy.length - NAMES_SHOWN} more` : '';
  return `restarting now: ${names.join(', ')}${more}`;
}

function nameOf({ instanceId, name }: InstanceView): string {
  return name === undefined ? instanceId : `${plain(name)} (${instanceId})`;
}

function waveLines(
  { results, wave }: RolloutView,
  maxLines: number,
  barColumns: number,
  paint: Paint,
): string[] {
  const started = Array.from({ length: wave.current }, (_, at) =>
    results.filter((one) => one.wave === at + 1),
  );
  const line = (label: string, members: readonly InstanceView[], text?: string) => {
    const counts = countStates(members.map(({ state }) => state));
    const words = text ?? counts.map(([state, n]) => `${n} ${state}`).join(', ');
    return `${pad(label, LABEL_COLUMNS)}${bar(counts, barColumns, paint)}  ${words}`;
  };
  // When the screen is too small, the oldest waves share one line.
  const shared = started.length > maxLines ? started.length - maxLines + 1 : 0;
  const lines = started
    .slice(shared)
    .map((members, at) => line(`wave ${shared + at + 1}`, members));
  if (shared > 0) lines.unshift(line(`1 to ${shared}`, started.slice(0, shared).flat()));
  const later = results.filter(({ wave: started, next }) => started === 0 && next !== 'none');
  if (later.length > 0) {
    const waves = count(Math.max(1, wave.of - wave.current), 'wave');
    lines.push(line('to come', later, `${later.length} in about ${waves}`));
  }
  return lines;
}

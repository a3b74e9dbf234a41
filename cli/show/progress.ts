import { countStates } from '../../shared/domain/workflow/instance-state.ts';
import type { InstanceView, RolloutView } from '../api/views.ts';
import { bar } from './bar.ts';
import { timeOfDay } from './duration.ts';
import type { Paint } from './paint.ts';
import { countText } from './rollout.ts';
import { clip, count, pad, plain } from './text.ts';
import { timeLeft, waitingText } from './waiting.ts';

export interface FrameOptions {
  readonly nowMs: number;
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  /** What is wrong with the connection; '' for nothing. */
  readonly trouble: string;
}

/** Widest bar: our own choice. */
const BAR_COLUMNS = 40;
const LABEL_COLUMNS = 10;
/** Lines of a frame that are no bars. */
const OTHER_LINES = 7;
/** Who is named of those that are restarted now: our own choice. */
const NAMES_SHOWN = 6;

/** What a terminal shows of a rollout under way: one bar a wave, counts, who is restarted now, time left. */
export function frameOf(rollout: RolloutView, options: FrameOptions): string[] {
  const { nowMs, columns, rows, paint, trouble } = options;
  const { rolloutId, status, keyPair, wave } = rollout;
  const barColumns = Math.max(8, Math.min(BAR_COLUMNS, columns - LABEL_COLUMNS - 34));
  const place = wave.of === 0 ? '' : `  wave ${wave.current} of ${wave.of}`;
  const waits = waitingText(rollout, nowMs);
  const now = restartedNow(rollout);
  return [
    `${rolloutId}  ${paint('bold', plain(status))}  key pair ${plain(keyPair.name)}${place}`,
    ...waveLines(rollout, Math.max(3, rows - OTHER_LINES), barColumns, paint),
    countText(rollout, paint),
    ...(now === '' ? [] : [now]),
    ...(waits === '' ? [] : [paint('yellow', waits)]),
    ...[timeLeft(rollout, nowMs)].filter((text) => text !== ''),
    ...(trouble === '' ? [] : [paint('red', plain(trouble))]),
  ].map((line) => clip(line, columns - 1));
}

/** One line for a log, with the time before it. */
export function lineOf(rollout: RolloutView, nowMs: number): string {
  return [timeOfDay(nowMs), changeOf(rollout), timeLeft(rollout, nowMs)]
    .filter((part) => part !== '')
    .join('  ');
}

/** What a log line tells but for the times: a new line is due when it is another. */
export function changeOf(rollout: RolloutView): string {
  const { status, wave, waitingFor } = rollout;
  return [
    plain(status),
    wave.of === 0 ? '' : `wave ${wave.current}/${wave.of}`,
    countText(rollout),
    restartedNow(rollout),
    waitingFor === '' ? '' : `waits for ${plain(waitingFor)}`,
  ]
    .filter((part) => part !== '')
    .join('  ');
}

function restartedNow({ results }: RolloutView): string {
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
  const line = (label: string, members: readonly InstanceView[]) => {
    const counts = countStates(members.map(({ state }) => state));
    const words = counts.map(([state, n]) => `${n} ${state}`).join(', ');
    return `${pad(label, LABEL_COLUMNS)}${bar(counts, barColumns, paint)}  ${words}`;
  };
  // The oldest share a line when there are more than the screen holds.
  const shared = started.length > maxLines ? started.length - maxLines + 1 : 0;
  const lines = started
    .slice(shared)
    .map((members, at) => line(`wave ${shared + at + 1}`, members));
  if (shared > 0) lines.unshift(line(`1 to ${shared}`, started.slice(0, shared).flat()));
  const later = results.filter(({ wave: started, next }) => started === 0 && next !== 'none');
  if (later.length > 0) {
    const waves = Math.max(1, wave.of - wave.current);
    const text = `${later.length} in about ${count(waves, 'wave')}`;
    lines.push(
      `${pad('to come', LABEL_COLUMNS)}${bar([['to restart', later.length]], barColumns, paint)}  ${text}`,
    );
  }
  return lines;
}

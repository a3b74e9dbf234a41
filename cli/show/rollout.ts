import { countStates } from '../../shared/domain/workflow/instance-state.ts';
import type { HistoryView, InstanceView, RolloutView } from '../api/views.ts';
import { moment, timeOfDay } from './duration.ts';
import { showNextCalls } from './next-calls.ts';
import { noPaint, type Paint } from './paint.ts';
import { someOf } from './rows.ts';
import { STATE_COLOURS } from './state-colours.ts';
import { table } from './table.ts';
import { count, plain } from './text.ts';
import { timeLeft, waitingText } from './waiting.ts';

/** The last of a history that a person wants to see unasked: our own choice. */
const HISTORY_SHOWN = 10;

export interface ShowOptions {
  readonly nowMs: number;
  readonly paint?: Paint;
  /** Every instance, and all of the history. */
  readonly all: boolean;
}

/** One rollout, whole. */
export function showRollout(rollout: RolloutView, options: ShowOptions): string[] {
  const { nowMs, paint = noPaint, all } = options;
  const { results, warnings, history } = rollout;
  const { shown, rest } = someOf(results, all);
  const events = all ? history : history.slice(-HISTORY_SHOWN);
  return [
    ...showHead(rollout, options),
    '',
    ...instanceTable(shown, paint),
    ...rest,
    '',
    ...warnings.map((warning) => `${paint('yellow', '!')} ${plain(warning)}`),
    ...boundOnly(rollout, paint),
    ...events.map(historyLine),
    ...showNextCalls(rollout),
    ...[timeLeft(rollout, nowMs)].filter((text) => text !== ''),
  ];
}

/** What it is, how far, and what it waits for, without the single instances. */
export function showHead(rollout: RolloutView, { nowMs, paint = noPaint }: ShowOptions): string[] {
  const { rolloutId, status, keyPair, note, wave, undoes, breakGlass, approval } = rollout;
  const waits = waitingText(rollout, nowMs);
  return [
    `${rolloutId}  ${paint('bold', plain(status))}  key pair ${plain(keyPair.name)} (${plain(keyPair.fingerprint)})`,
    `asked for ${moment(rollout.createdAtMs)}${note === '' ? '' : `: ${plain(note)}`}`,
    ...(typeof undoes === 'string' ? [`takes back ${undoes}`] : []),
    ...(breakGlass === undefined
      ? []
      : [`breaks the glass: ${plain(breakGlass.reason)} (${plain(breakGlass.by)})`]),
    ...(approval === null ? [] : [approvalText(approval)]),
    `${countText(rollout)}${wave.of === 0 ? '' : `; wave ${wave.current} of ${wave.of}`}`,
    ...(waits === '' ? [] : [paint('yellow', waits)]),
  ];
}

/** `3 instances: ready 1, due 2` */
export function countText({ results }: Pick<RolloutView, 'results'>, paint: Paint = noPaint) {
  const states = countStates(results.map(({ state }) => state)).map(([state, n]) => {
    const colour = STATE_COLOURS[state];
    return colour === undefined ? `${state} ${n}` : paint(colour, `${state} ${n}`);
  });
  return `${count(results.length, 'instance')}: ${states.join(', ')}`;
}

function approvalText(approval: NonNullable<RolloutView['approval']>): string {
  const { state, untilMs, by, why, needed, given } = approval;
  const who = by === '' ? '' : ` by ${plain(by)}`;
  const until = state === 'waiting' ? ` until ${moment(untilMs)}` : '';
  const howMany = needed > 1 ? `, ${given.length} of ${needed} given` : '';
  return `approval: ${plain(state)}${who}${until}${howMany}${why === '' ? '' : `, needed: ${plain(why)}`}`;
}

export function instanceTable(
  instances: readonly InstanceView[],
  paint: Paint = noPaint,
): string[] {
  const rows = instances.map((one) => {
    const { state } = one;
    const colour = STATE_COLOURS[state];
    return [
      one.instanceId,
      plain(one.name ?? ''),
      one.zoneId ?? '',
      one.keyPairName === undefined ? '' : plain(one.keyPairName ?? 'none'),
      plain(one.kind),
      colour === undefined ? plain(state) : paint(colour, plain(state)),
      String(one.wave || ''),
      plain(detailOf(one)),
    ];
  });
  const header = ['INSTANCE', 'NAME', 'ZONE', 'KEY PAIR', 'ATTACH', 'STATE', 'WAVE', 'DETAIL'];
  return table(header, rows, paint);
}

/** Why it is in its state, in the words that every client shows, and what a person can do. */
function detailOf(one: InstanceView): string {
  const before = one.kind === 'attached' ? one.previousKeyPairName : null;
  const replaced = before === null ? undefined : `replaced ${before}`;
  return [one.why, one.advice, replaced].filter((part) => part !== undefined).join('; ');
}

function boundOnly({ boundOnly: ids }: RolloutView, paint: Paint): string[] {
  if (ids.length === 0) return [];
  const whom = count(ids.length, 'instance');
  return [
    `${paint('yellow', '!')} bound but not restarted: ${whom}: the key works there after the next boot`,
  ];
}

export function historyLine({ atMs, what, count: n, detail, by }: HistoryView): string {
  const who = by === '' ? '' : ` by ${by}`;
  const size = n === 0 ? '' : ` ${n}`;
  return plain(`${timeOfDay(atMs)} ${what}${size}${detail === '' ? '' : `: ${detail}`}${who}`);
}

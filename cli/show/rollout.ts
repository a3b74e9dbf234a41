import { countStates } from '../../shared/domain/workflow/instance-state.ts';
import type { HistoryView, InstanceView, RolloutView } from '../api/views.ts';
import { moment, timeOfDay } from './duration.ts';
import { noPaint, type Paint } from './paint.ts';
import { STATE_COLOURS } from './state-colours.ts';
import { count, joined, plain } from './text.ts';
import { cutTable, type View } from './view.ts';
import { timeLeft, waitingText } from './waiting.ts';

/** History entries shown without `--all`, the latest ones: our own choice. */
const HISTORY_SHOWN = 10;

/** A rollout with its instances and history. */
export function showRollout(rollout: RolloutView, view: View): string[] {
  const { nowMs, paint, all } = view;
  const { results, warnings, history, boundOnly } = rollout;
  const events = all ? history : history.slice(-HISTORY_SHOWN);
  const notes = [...warnings];
  if (boundOnly.length > 0) {
    const whom = count(boundOnly.length, 'instance');
    notes.push(`bound but not restarted: ${whom}: the key works there after the next boot`);
  }
  return [
    ...showHead(rollout, view),
    '',
    ...instanceTable(results, view),
    '',
    ...notes.map((note) => `${paint('yellow', '!')} ${plain(note)}`),
    ...events.map(historyLine),
    ...showNextCalls(rollout),
    ...[timeLeft(rollout, nowMs)].filter((text) => text !== ''),
  ];
}

/** A rollout without its instances: what it is, its progress, and what it waits for. */
export function showHead(rollout: RolloutView, { nowMs, paint }: View): string[] {
  const { rolloutId, status, keyPair, note, wave, undoes, breakGlass, approval } = rollout;
  return [
    `${rolloutId}  ${paint('bold', plain(status))}  key pair ${plain(keyPair.name)} (${plain(keyPair.fingerprint)})`,
    `asked for ${moment(rollout.createdAtMs)}${note === '' ? '' : `: ${plain(note)}`}`,
    undoes ? `undoes ${plain(undoes)}` : '',
    breakGlass ? `break glass: ${plain(breakGlass.reason)} (${plain(breakGlass.by)})` : '',
    approval === null ? '' : approvalText(approval),
    `${countText(rollout, paint)}${wave.of === 0 ? '' : `; wave ${wave.current} of ${wave.of}`}`,
    paint('yellow', waitingText(rollout, nowMs)),
  ].filter((line) => line !== '');
}

/** What there is to tell after a command changed a rollout. */
export function showAfter(rollout: RolloutView, view: View): string[] {
  return [...showHead(rollout, view), ...showNextCalls(rollout)];
}

/** `3 instances: ready 1, due 2` */
export function countText({ results }: Pick<RolloutView, 'results'>, paint: Paint = noPaint) {
  const states = countStates(results.map(({ state }) => state)).map(([state, n]) =>
    paint(STATE_COLOURS[state], `${state} ${n}`),
  );
  return `${count(results.length, 'instance')}: ${states.join(', ')}`;
}

function approvalText(approval: NonNullable<RolloutView['approval']>): string {
  const { state, untilMs, by, why, needed, given } = approval;
  const who = by === '' ? '' : ` by ${plain(by)}`;
  const until = state === 'waiting' ? ` until ${moment(untilMs)}` : '';
  const howMany = needed > 1 ? `, ${given.length} of ${needed} given` : '';
  return `approval: ${plain(state)}${who}${until}${howMany}${why === '' ? '' : `, needed: ${plain(why)}`}`;
}

const HEADER = ['INSTANCE', 'NAME', 'ZONE', 'KEY PAIR', 'ATTACH', 'STATE', 'WAVE', 'DETAIL'];

export function instanceTable(
  instances: readonly InstanceView[],
  view: Pick<View, 'all' | 'paint'>,
): string[] {
  const rowOf = (one: InstanceView) => {
    const { state } = one;
    return [
      one.instanceId,
      plain(one.name ?? ''),
      one.zoneId ?? '',
      one.keyPairName === undefined ? '' : plain(one.keyPairName ?? 'none'),
      plain(one.kind),
      view.paint(STATE_COLOURS[state], plain(state)),
      String(one.wave || ''),
      plain(detailOf(one)),
    ];
  };
  return cutTable(HEADER, instances, rowOf, view);
}

/** Why it is in its state, in the words that every client shows, and what a person can do. */
function detailOf(one: InstanceView): string {
  const before = one.kind === 'attached' ? one.previousKeyPairName : null;
  return joined('; ', one.why, one.advice, before && `replaced ${before}`);
}

export function historyLine({ atMs, what, count: n, detail, by }: HistoryView): string {
  const who = by === '' ? '' : ` by ${by}`;
  const size = n === 0 ? '' : ` ${n}`;
  return plain(`${timeOfDay(atMs)} ${what}${size}${detail === '' ? '' : `: ${detail}`}${who}`);
}

type NextCall = RolloutView['nextCalls'][number];

/** What a person can do now, as commands. */
export function showNextCalls({ rolloutId, nextCalls }: RolloutView): string[] {
  if (nextCalls.length === 0) return [];
  const lines = nextCalls.map((call) => `  to ${plain(call.to)}: ${commandOf(rolloutId, call)}`);
  return ['what you can do:', ...lines];
}

function commandOf(rolloutId: string, { body }: NextCall): string {
  const { action } = body;
  if (action === 'go') return 'npx latchkey go';
  const as = typeof body['as'] === 'string' ? ` ${plain(body['as'])} --all` : '';
  return `npx latchkey ${plain(String(action))} ${rolloutId}${as}`;
}

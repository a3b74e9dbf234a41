import { isOver } from '../../model/outcome.ts';
import type { Rollout, RolloutInstance, WaitingFor } from '../../model/rollout.ts';
import { countStates, stateOf } from '../../workflow/instance-state.ts';
import { failureOf } from '../../workflow/instance-why.ts';
import { inOneLine, MAX_LISTED, MAX_NAME, utc } from './words.ts';

/** Cells of the bar: our own choice, it fits a phone. */
const CELLS = 20;

/** `██████░░░░░░░░░░░░░░ 30% · 17 of 57`. It is full only when all have come to an end. */
export function barOf({ instances }: Pick<Rollout, 'instances'>): string {
  const done = instances.filter(isOver).length;
  const part = instances.length === 0 ? 1 : done / instances.length;
  const full = Math.floor(part * CELLS);
  const bar = '█'.repeat(full) + '░'.repeat(CELLS - full);
  return `${bar} ${Math.floor(part * 100)}% · ${done} of ${instances.length}`;
}

/** How many are in each state. */
export function countsOf({ instances }: Pick<Rollout, 'instances'>): string {
  return countStates(instances.map(stateOf))
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}

/** `web-1`, or the id of one without a name. */
export function nameOf({ name, instanceId }: RolloutInstance): string {
  return inOneLine(name, MAX_NAME) || instanceId;
}

/** Longest reason: our own choice, it is one line. */
const MAX_REASON = 140;

/** One line for each failure and each doubt, the first ten. */
export function failureLines({ instances }: Pick<Rollout, 'instances'>): string[] {
  const lines = instances.flatMap((one) => {
    const why = failureOf(one);
    return why === '' ? [] : [`${nameOf(one)} (${one.instanceId}): ${inOneLine(why, MAX_REASON)}`];
  });
  const more = lines.length - MAX_LISTED;
  return more > 0 ? [...lines.slice(0, MAX_LISTED), `and ${more} more`] : lines;
}

export function failuresIn({ instances }: Pick<Rollout, 'instances'>): number {
  return instances.filter((one) => failureOf(one) !== '').length;
}

/** What has to happen before the next wave; '' when nothing has to. */
export function waitingWords({
  waitingFor,
  waitingUntilMs,
}: Pick<Rollout, 'waitingFor' | 'waitingUntilMs'>): string {
  const words = WAITING[waitingFor];
  // The others are looked at again every half a minute: that is no moment to wait for.
  const isSet = waitingFor === 'window' || waitingFor === 'freeze' || waitingFor === 'bake';
  return isSet && waitingUntilMs !== null ? `${words}, until ${utc(waitingUntilMs)}` : words;
}

const WAITING: Readonly<Record<WaitingFor, string>> = {
  '': '',
  approval: 'an approval',
  paused: 'a person to resume it',
  halted: 'a person to check it, and to resume or abort it',
  stopped: 'the end of the global stop (go)',
  window: 'the window',
  freeze: 'the end of the freeze',
  bake: 'the end of the bake time',
  gate: 'the health gate',
  budget: 'others to be Running again',
  group: 'others of the group to be Running again',
  unavailable: 'ECS or the store to answer',
};

import { outcomeKindOf } from '../model/outcome.ts';
import type { RolloutInstance } from '../model/rollout.ts';
import { isBound, whyOf } from './instance-why.ts';
import { adviceOn } from './restart-advice.ts';

/** How far an instance is, in the words that every client shows, in the order in which they are counted. */
export const INSTANCE_STATES = [
  'ready',
  'attached',
  'restarting',
  'to restart',
  'waiting',
  'failed',
  'unknown',
  'not restarted',
  'skipped',
] as const;

export type InstanceState = (typeof INSTANCE_STATES)[number];

/** How far an instance is, why, and what a person can do: for all who show it. */
export interface StateOfInstance {
  readonly state: InstanceState;
  /** '' when there is nothing to explain. */
  readonly why: string;
  /** '' when nobody has to do anything. */
  readonly advice: string;
}

export function instanceStateOf(instance: RolloutInstance): StateOfInstance {
  return {
    state: stateOf(instance),
    why: whyOf(instance),
    advice: adviceFor(instance),
  };
}

/** How many are in each state; a state that none is in is left out. */
export function countStates(states: readonly InstanceState[]): [InstanceState, number][] {
  const counts = new Map<InstanceState, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].toSorted(
    ([one], [other]) => INSTANCE_STATES.indexOf(one) - INSTANCE_STATES.indexOf(other),
  );
}

/** The restart counts once the key pair is bound; before that, only the attach does. */
export function stateOf({ attach, restart }: RolloutInstance): InstanceState {
  const outcome = outcomeKindOf(attach);
  if (!isBound(attach)) return outcome;
  switch (restart.kind) {
    case 'none':
      return outcome;
    case 'due':
      return 'to restart';
    case 'claimed':
    case 'booting':
      return 'restarting';
    case 'dropped':
      return 'not restarted';
    case 'ready':
    case 'failed':
    case 'unknown':
      return restart.kind;
  }
}

function adviceFor({ attach, restart }: RolloutInstance): string {
  if (restart.kind === 'failed' || restart.kind === 'unknown') return adviceOn(restart.code);
  if (restart.kind === 'dropped') return 'restart it yourself, or ask for a new rollout';
  if (attach.kind === 'failed') return 'remove the cause, then ask for a new rollout';
  if (attach.kind === 'waiting' && attach.reason === 'approval') return 'approve or deny it';
  return '';
}

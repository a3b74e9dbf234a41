import type { InstanceView } from '../api/views.ts';
import type { Colour } from './paint.ts';

/** Where one instance is, in one word: how far its restart is, or what became of the attach without one. */
export type InstanceState =
  | 'ready'
  | 'restarting'
  | 'due'
  | 'failed'
  | 'unknown'
  | 'dropped'
  | 'attached'
  | 'waiting'
  | 'skipped';

/** In the order in which they are told. */
export const STATES: readonly InstanceState[] = [
  'ready',
  'restarting',
  'due',
  'waiting',
  'attached',
  'failed',
  'unknown',
  'dropped',
  'skipped',
];

export const STATE_COLOURS: Readonly<Record<InstanceState, Colour | undefined>> = {
  ready: 'green',
  restarting: 'cyan',
  due: undefined,
  waiting: undefined,
  attached: 'green',
  failed: 'red',
  unknown: 'yellow',
  dropped: 'dim',
  skipped: 'dim',
};

export function stateOf({ kind, restart }: InstanceView): InstanceState {
  const restartKind = restart?.kind ?? 'none';
  switch (restartKind) {
    case 'ready':
    case 'failed':
    case 'unknown':
    case 'dropped':
      return restartKind;
    case 'claimed':
    case 'booting':
      return 'restarting';
    case 'due':
      return kind === 'failed' || kind === 'unknown' ? kind : 'due';
  }
  switch (kind) {
    case 'attached':
    case 'failed':
    case 'skipped':
    case 'unknown':
      return kind;
  }
  return 'waiting';
}

/** How many are in each state; those that nobody is in are left out. */
export function countStates(instances: readonly InstanceView[]): [InstanceState, number][] {
  const counts = new Map<InstanceState, number>();
  for (const one of instances) counts.set(stateOf(one), (counts.get(stateOf(one)) ?? 0) + 1);
  return STATES.flatMap((state): [InstanceState, number][] => {
    const n = counts.get(state) ?? 0;
    return n === 0 ? [] : [[state, n]];
  });
}

import type { InstanceView } from '../api/views.ts';
import type { Colour } from './paint.ts';

/** The state of one instance in one word: of its restart if it has one, else of its attach. */
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

/** In the order in which they are printed. */
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

/** Number of instances in each state. States without any are left out. */
export function countStates(instances: readonly InstanceView[]): [InstanceState, number][] {
  const counts = new Map<InstanceState, number>();
  for (const one of instances) counts.set(stateOf(one), (counts.get(stateOf(one)) ?? 0) + 1);
  return STATES.flatMap((state): [InstanceState, number][] => {
    const n = counts.get(state) ?? 0;
    return n === 0 ? [] : [[state, n]];
  });
}

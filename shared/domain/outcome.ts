import type { AttachState, Rollout, RolloutInstance } from './rollout.ts';

/** What became of an instance, as results and answers call it. */
export type OutcomeKind = 'attached' | 'failed' | 'skipped' | 'unknown' | 'waiting';

export type OutcomeCounts = Readonly<Record<OutcomeKind, number>>;

export function outcomeKindOf(attach: AttachState): OutcomeKind {
  // An instance about to be attached waits for its turn.
  return attach.kind === 'due' ? 'waiting' : attach.kind;
}

/** The counts of the five kinds sum to the number of instances. */
export function countOutcomes(instances: readonly RolloutInstance[]): OutcomeCounts {
  const counts = { attached: 0, failed: 0, skipped: 0, unknown: 0, waiting: 0 };
  for (const { attach } of instances) counts[outcomeKindOf(attach)] += 1;
  return counts;
}

/** No more attach call will be made for it. */
export function isAttachOver({ attach }: RolloutInstance): boolean {
  return attach.kind === 'attached' || attach.kind === 'failed' || attach.kind === 'skipped';
}

/** Nothing more will be done for it, unless a person asks. */
export function isOver(instance: RolloutInstance): boolean {
  const { kind } = instance.restart;
  const restartOver =
    kind === 'none' || kind === 'ready' || kind === 'failed' || kind === 'unknown';
  return isAttachOver(instance) && restartOver;
}

/** `finishing`: all have come to an end and are being given back, or told. */
export type RolloutStatus = 'attaching' | 'restarting' | 'finishing' | 'done';

export function statusOf({ phase, instances }: Rollout): RolloutStatus {
  if (phase === 'done') return 'done';
  if (instances.every(isOver)) return 'finishing';
  return instances.every(isAttachOver) ? 'restarting' : 'attaching';
}

import type { AttachState, Rollout, RolloutInstance } from './rollout.ts';

/** The outcome of an instance's attach, in the words of results and answers. */
export type OutcomeKind = 'attached' | 'failed' | 'skipped' | 'unknown' | 'waiting';

export type OutcomeCounts = Readonly<Record<OutcomeKind, number>>;

export function outcomeKindOf(attach: AttachState): OutcomeKind {
  // An instance whose attach call is being made has no outcome yet.
  return attach.kind === 'due' ? 'waiting' : attach.kind;
}

/** The counts of the five kinds sum to the number of instances. */
export function countOutcomes(instances: readonly RolloutInstance[]): OutcomeCounts {
  const counts = { attached: 0, failed: 0, skipped: 0, unknown: 0, waiting: 0 };
  for (const { attach } of instances) counts[outcomeKindOf(attach)] += 1;
  return counts;
}

/** No further attach call will be made for it. */
export function isAttachOver({ attach }: RolloutInstance): boolean {
  return attach.kind === 'attached' || attach.kind === 'failed' || attach.kind === 'skipped';
}

/** Nothing more will be done for it unless a person asks. */
export function isOver(instance: RolloutInstance): boolean {
  const { kind } = instance.restart;
  switch (kind) {
    case 'due':
    case 'claimed':
    case 'booting':
      return false;
    case 'none':
    case 'ready':
    case 'failed':
    case 'unknown':
    case 'dropped':
      return isAttachOver(instance);
  }
}

/**
 * `waiting`: for approval. `finishing`: every instance is finished; instances are being released and
 * notices sent. `paused`, `halted`, `stopped`: nothing more is restarted until a person acts.
 */
export type RolloutStatus =
  | 'waiting'
  | 'attaching'
  | 'restarting'
  | 'paused'
  | 'halted'
  | 'stopped'
  | 'aborting'
  | 'finishing'
  | 'done';

export function statusOf(rollout: Rollout): RolloutStatus {
  const { phase, instances, control, approval, waitingFor } = rollout;
  if (phase === 'done') return 'done';
  if (instances.every(isOver)) return 'finishing';
  if (approval?.state === 'waiting') return 'waiting';
  if (control.kind === 'aborted') return 'aborting';
  if (control.kind !== 'going') return control.kind;
  if (waitingFor === 'stopped') return 'stopped';
  return instances.every(isAttachOver) ? 'restarting' : 'attaching';
}

/** Why nothing is attached to an instance, and what each reason means to people. */
export const SKIP_REASONS = {
  windows: 'Windows takes no key pair',
  'not-io-optimized': 'it is not I/O optimized',
  locked: 'ECS has locked it',
  'already-attached': 'it has this key pair already',
  busy: 'another rollout holds it',
  'not-found': 'no such instance in this region',
  released: 'it was released',
  'wrong-state': 'it is neither Running nor Stopped',
  denied: 'the approval was denied, or did not come in time',
  'plan-changed': 'the plan changed before it was approved',
  aborted: 'the rollout was aborted first',
  changed: 'its key pair was changed since',
  'not-undoable': 'its earlier key pair cannot be bound again',
  'opted-out': "its owner's tag forbids it",
  'other-key-pair': 'it was launched with another key pair',
} as const;

export type SkipReason = keyof typeof SKIP_REASONS;

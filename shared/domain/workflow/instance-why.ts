import type { AttachState, RestartState, RolloutInstance } from '../model/rollout.ts';
import { SKIP_REASONS } from '../model/skip-reason.ts';

/** Why an instance is in its state, for people; '' when there is nothing to explain. */
export function whyOf(instance: RolloutInstance): string {
  const failure = failureOf(instance);
  if (failure !== '') return failure;
  const { attach, restart, withheld, optOut } = instance;
  const isOpen = restart.kind === 'none' || restart.kind === 'due';
  const reasons = [
    ofAttach(attach),
    isBound(attach) ? ofRestart(restart) : '',
    isOpen ? TAG[optOut] : '',
    WITHHELD[withheld],
  ];
  return reasons.filter((reason) => reason !== '').join('; ');
}

/** Why it was not attached, or its restart failed or may have failed; '' when none of it is so. */
export function failureOf({ attach, restart }: RolloutInstance): string {
  if (attach.kind === 'failed') return `not attached, ${attach.code}: ${attach.message}`;
  if (restart.kind === 'unknown') return `${restart.code}: nothing shows whether it was restarted`;
  if (restart.kind !== 'failed') return '';
  const isBack = restart.runningAtMs === null ? '' : ', Running again since';
  return `${restart.code}: ${restart.message}${isBack}`;
}

/** Whether the key pair is bound, or the attach is over without it: what is left is the restart. */
export function isBound({ kind }: AttachState): boolean {
  return kind === 'attached' || kind === 'skipped';
}

function ofAttach(attach: AttachState): string {
  switch (attach.kind) {
    case 'attached':
    case 'due':
    case 'failed':
      return '';
    case 'waiting':
      return WAITS[attach.reason];
    case 'unknown':
      return `${attach.code}: the attach call got no answer, ECS is asked again`;
    case 'skipped': {
      const { reason, detail, effective } = attach;
      const words = SKIP_REASONS[reason];
      if (effective !== null) return `${words}, ${EFFECTIVE[effective]}`;
      return detail === '' ? words : `${words}: ${detail}`;
    }
  }
}

const WAITS: Readonly<Record<(AttachState & { kind: 'waiting' })['reason'], string>> = {
  throttled: 'ECS throttles',
  pending: 'it is still being created',
  unavailable: 'ECS cannot be reached',
  wave: 'it is attached when its wave begins',
  approval: 'the rollout needs an approval',
};

const EFFECTIVE = {
  yes: 'and the key logs in',
  no: 'but the key logs in after the next boot only',
  unknown: 'but whether the key logs in is unknown',
} as const;

function ofRestart(restart: RestartState): string {
  switch (restart.kind) {
    case 'none':
    case 'failed':
    case 'unknown':
      return '';
    case 'due':
      return restart.reason === '' ? '' : `put off: ${restart.reason}`;
    case 'claimed':
      return `the ${restart.how} is being asked for`;
    case 'booting':
    case 'ready':
      return restart.proof === 'accepted'
        ? `ECS accepted the ${restart.how}`
        : `it was seen to ${restart.how}`;
    case 'dropped':
      return DROPPED[restart.why];
  }
}

const DROPPED = {
  aborted: 'the rollout was aborted or denied first',
  skipped: 'somebody resolved it as skip',
  busy: 'another rollout holds it',
} as const;

/** What the owner's tag says of restarts. It is also why one is withheld as `opted-out` or `not-approved`. */
const TAG = {
  '': '',
  never: "its owner's tag forbids restarts",
  approve: "its owner's tag requires an approval",
  window: "its owner's tag requires restarts in the window",
} as const;

const WITHHELD = {
  '': '',
  'opted-out': '',
  'not-approved': '',
  'scaling-member': 'no restart: Auto Scaling could replace it',
  'too-old': 'no restart: launched too long ago for its rule',
} as const;

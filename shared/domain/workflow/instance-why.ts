import type { AttachState, RestartState, RolloutInstance } from '../model/rollout.ts';
import { SKIP_REASONS } from '../model/skip-reason.ts';

/** Why an instance is in its state, for people; '' when there is nothing to explain. */
export function whyOf({ attach, restart, withheld, optOut }: RolloutInstance): string {
  const ofTag = optOut === '' ? '' : OPT_OUT[optOut];
  const reasons = [
    ofAttach(attach),
    isBound(attach) ? ofRestart(restart) : '',
    withheld === '' ? ofTag : `no restart: ${WITHHELD[withheld]}`,
  ];
  return reasons.filter((reason) => reason !== '').join('; ');
}

/** Whether the key pair is bound, or the attach is over without it: what is left is the restart. */
export function isBound({ kind }: AttachState): boolean {
  return kind === 'attached' || kind === 'skipped';
}

function ofAttach(attach: AttachState): string {
  switch (attach.kind) {
    case 'attached':
    case 'due':
      return '';
    case 'waiting':
      return WAITS[attach.reason];
    case 'failed':
      return `not attached, ${attach.code}: ${attach.message}`;
    case 'unknown':
      return `${attach.code}: the attach call got no answer; Latchkey asks ECS again`;
    case 'skipped': {
      const { reason, detail, effective } = attach;
      const words = SKIP_REASONS[reason];
      if (effective !== null) return `${words}, ${EFFECTIVE[effective]}`;
      return detail === '' ? words : `${words}: ${detail}`;
    }
  }
}

const WAITS: Readonly<Record<(AttachState & { kind: 'waiting' })['reason'], string>> = {
  throttled: 'ECS throttles attach calls',
  pending: 'it is still being created',
  unavailable: 'ECS cannot be reached',
  wave: 'it is attached when its wave begins',
  approval: 'the rollout needs an approval',
};

const EFFECTIVE = {
  yes: 'and the key logs in',
  no: 'but the key logs in only after the next boot',
  unknown: 'but Latchkey cannot tell whether the key logs in',
} as const;

function ofRestart(restart: RestartState): string {
  switch (restart.kind) {
    case 'none':
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
    case 'failed': {
      const isBack = restart.runningAtMs === null ? '' : ', Running again since';
      return `${restart.code}: ${restart.message}${isBack}`;
    }
    case 'dropped':
      return DROPPED[restart.why];
    case 'unknown':
      return `${restart.code}: nothing shows whether it was restarted`;
  }
}

const DROPPED = {
  aborted: 'the rollout was aborted or denied before its restart',
  skipped: 'somebody resolved it as skip',
  busy: 'another rollout holds it',
} as const;

const WITHHELD = {
  'opted-out': "its owner's tag forbids it",
  'not-approved': "its owner's tag wants an approval, which nobody can give here",
  'scaling-member': 'it belongs to an Auto Scaling group, which could replace it',
  'too-old': 'it was launched too long ago for the launch rule',
} as const;

const OPT_OUT = {
  never: "its owner's tag forbids restarts",
  approve: "its owner's tag allows a restart only with an approval",
  window: "its owner's tag allows a restart only in the window",
} as const;

import type { Policy } from '../model/policy.ts';
import type { Origin } from '../model/request.ts';
import type { RolloutRules } from './rules.ts';
import type { Snapshot } from '../model/instance.ts';
import type { OptOutTags } from '../model/policy.ts';
import type { RolloutInstance, Withheld } from '../model/rollout.ts';

/** The part of the policy with which a plan respects the owners of the instances. */
export interface OptOutRules {
  readonly tags: OptOutTags;
  /** false: the policy has no window, so an instance tagged `window` would wait for ever. */
  readonly hasWindow: boolean;
}

/** The longest tag value in the detail of a skip: our own choice, because a row may hold a thousand. */
const KEPT_VALUE_LENGTH = 40;

/** The tag that forbids the attach, as `<tag>=<value>`, with any value; undefined without the tag. */
export function attachOptOut(
  { tags }: Pick<Snapshot, 'tags'>,
  { attach }: OptOutTags,
): string | undefined {
  const value = tags[attach];
  return value === undefined ? undefined : `${attach}=${value.slice(0, KEPT_VALUE_LENGTH)}`;
}

/** The instance's restart tag. An unknown value counts as `never`. */
export function restartOptOut(
  { tags }: Pick<Snapshot, 'tags'>,
  { restart }: OptOutTags,
): RolloutInstance['optOut'] {
  const value = tags[restart];
  if (value === undefined) return '';
  return value === 'approve' || value === 'window' ? value : 'never';
}

/**
 * Why the tag withholds a restart; '' when it does not.
 *
 * @param mayBeApproved false where no approval is asked for: at the launch door, and after a broken glass,
 * which bypasses the policy's approval but not the owner's
 */
export function withheldByTag(
  optOut: RolloutInstance['optOut'],
  { hasWindow }: OptOutRules,
  mayBeApproved: boolean,
): Withheld {
  switch (optOut) {
    case '':
      return '';
    case 'never':
      return 'opted-out';
    case 'approve':
      return mayBeApproved ? '' : 'not-approved';
    case 'window':
      return hasWindow ? '' : 'opted-out';
  }
}

/** An instance whose owner opted out, as every answer lists it. */
export interface OptedOut {
  readonly instanceId: string;
  /** Which of the policy's two tags it has. */
  readonly tag: keyof OptOutTags;
  /** As the rollout keeps it: an unknown value is `never`. */
  readonly value: string;
  readonly effect: 'not-attached' | 'not-restarted' | 'needs-approval' | 'only-in-window' | 'none';
}

/** All opted-out instances, even where the tag made no difference, so that no tag hides an instance. */
export function optedOutOf(instances: readonly RolloutInstance[]): OptedOut[] {
  return instances.flatMap((one): OptedOut[] => {
    const { instanceId, attach, optOut } = one;
    const listed: OptedOut[] = [];
    if (attach.kind === 'skipped' && attach.reason === 'opted-out') {
      const value = attach.detail.slice(attach.detail.indexOf('=') + 1);
      listed.push({ instanceId, tag: 'attach', value, effect: 'not-attached' });
    }
    if (optOut !== '') {
      listed.push({ instanceId, tag: 'restart', value: optOut, effect: effectOf(one) });
    }
    return listed;
  });
}

function effectOf({ optOut, withheld, restart }: RolloutInstance): OptedOut['effect'] {
  if (withheld === 'opted-out' || withheld === 'not-approved') return 'not-restarted';
  if (restart.kind === 'none') return 'none';
  return optOut === 'window' ? 'only-in-window' : 'needs-approval';
}

/** The opt-out rules for a request. The window is the requester's, as in the workflow. */
export function optOutRulesFor(
  origin: Origin,
  { policy, rules }: { readonly policy: Pick<Policy, 'optOut'>; readonly rules: RolloutRules },
): OptOutRules {
  return { tags: policy.optOut, hasWindow: rules.scheduleOf(origin).window !== null };
}

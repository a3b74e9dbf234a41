import type { Policy } from '../model/policy.ts';
import type { Origin } from '../model/request.ts';
import type { RolloutRules } from './rules.ts';
import type { Snapshot } from '../model/instance.ts';
import type { OptOutTags } from '../model/policy.ts';
import type { RolloutInstance, Withheld } from '../model/rollout.ts';

/** What the plan must know of the policy to respect the owners of the instances. */
export interface OptOutRules {
  readonly tags: OptOutTags;
  /** false: there is no window to wait for, so that what waits for one would wait for ever. */
  readonly hasWindow: boolean;
}

/** Of a tag's value, in the detail of a skip: our own choice, a row holds a thousand of them. */
const KEPT_VALUE_LENGTH = 40;

/** The tag against the attach as `<tag>=<value>`, whatever its value; undefined without one. */
export function attachOptOut(
  { tags }: Pick<Snapshot, 'tags'>,
  { attach }: OptOutTags,
): string | undefined {
  const value = tags[attach];
  return value === undefined ? undefined : `${attach}=${value.slice(0, KEPT_VALUE_LENGTH)}`;
}

/** What the instance's own tag says of restarts. What nobody understands is a no. */
export function restartOptOut(
  { tags }: Pick<Snapshot, 'tags'>,
  { restart }: OptOutTags,
): RolloutInstance['optOut'] {
  const value = tags[restart];
  switch (value) {
    case undefined:
      return '';
    case 'approve':
    case 'window':
      return value;
    default:
      return 'never';
  }
}

/**
 * What the tag withholds from an instance that would be restarted.
 *
 * @param mayBeApproved false where nobody is asked: at the launch door, and when the glass is broken.
 * That passes the policy's own approval by, but not the owner's
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

/** One instance whose owner keeps Latchkey away from it, as every answer lists it. */
export interface OptedOut {
  readonly instanceId: string;
  /** Which of the two tags of the policy it carries. */
  readonly tag: keyof OptOutTags;
  /** As far as the rollout keeps it: what nobody understands is `never`. */
  readonly value: string;
  readonly effect: 'not-attached' | 'not-restarted' | 'needs-approval' | 'only-in-window' | 'none';
}

/** All that opted out, also where it made no difference: so that no tag can hide a machine. */
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

/** The window is that of whoever asks, as the workflow will have it. */
export function optOutRulesFor(
  origin: Origin,
  { policy, rules }: { readonly policy: Pick<Policy, 'optOut'>; readonly rules: RolloutRules },
): OptOutRules {
  return { tags: policy.optOut, hasWindow: rules.scheduleOf(origin).window !== null };
}

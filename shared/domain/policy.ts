import type { Snapshot } from './instance.ts';

/**
 * Which launches get which key pair. The rules are tried in order and the first that matches
 * decides; when none matches, nothing happens.
 */
export interface Policy {
  readonly launch: readonly LaunchRule[];
}

export interface LaunchRule {
  /** What logs and the rollout's history call the rule. */
  readonly name: string;
  /** Every condition given must hold. */
  readonly match: {
    /** Each of these tags with exactly this value; '*' = with any value. */
    readonly tags: Readonly<Record<string, string>>;
    /** What the instance's name must begin with; '' for any. */
    readonly namePrefix: string;
  };
  readonly keyPairName: string;
  /** Whether a Running instance is rebooted, so that the key works at once. */
  readonly restart: boolean;
}

export function launchRuleFor(policy: Policy, instance: Snapshot): LaunchRule | undefined {
  return policy.launch.find(
    ({ match }) =>
      instance.name.startsWith(match.namePrefix) &&
      Object.entries(match.tags).every(
        ([key, value]) =>
          instance.tags[key] !== undefined && (value === '*' || instance.tags[key] === value),
      ),
  );
}

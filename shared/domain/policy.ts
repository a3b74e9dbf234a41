import type { Snapshot } from './instance.ts';
import type { Schedule } from './window.ts';

/** What whoever deploys has decided for every rollout. */
export interface Policy {
  /**
   * Which launches get which key pair. The rules are tried in order and the first that matches
   * decides; when none matches, nothing happens.
   */
  readonly launch: readonly LaunchRule[];
  /** When instances may be restarted. */
  readonly schedule: Schedule;
  /** null: no wave is asked about. */
  readonly healthGate: HealthGateRule | null;
  /** Whether an undo may leave an instance without a key pair: that turns password login back on. */
  readonly allowDetach: boolean;
}

export interface HealthGateRule {
  readonly url: string;
  /** The environment variable that holds the secret which questions are signed with. */
  readonly secretName: string;
  readonly timeoutMs: number;
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

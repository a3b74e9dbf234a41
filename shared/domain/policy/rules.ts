import { ruleOfAsker } from './people.ts';
import type {
  HealthGateRule,
  NotifyRule,
  Person,
  Policy,
  RevokedKeyPair,
} from '../model/policy.ts';
import type { HealthGate } from '../model/ports.ts';
import type { Origin } from '../model/request.ts';
import type { Schedule } from '../model/window.ts';

/** A channel and the notices that it subscribes to. The notifier knows its address. */
export type Channel = Pick<NotifyRule, 'id' | 'on'>;

/**
 * The current policy's rules for open rollouts. The policy of the time when a rollout was accepted no longer
 * counts.
 */
export interface RolloutRules {
  /** When instances may be restarted. */
  scheduleOf(origin: Origin): Schedule;
  /** Whether a health gate is asked before and after each wave. Without one, only the bake time counts. */
  hasGate(origin: Origin): boolean;
  /** null without a gate, and in a function that cannot ask one. */
  gateOf(origin: Origin): HealthGate | null;
  readonly revoked: readonly RevokedKeyPair[];
  readonly channels: readonly Channel[];
}

/**
 * The rules of a policy. A client's or person's own rules count for their rollouts. The policy's general rules
 * count for launches, and for requesters that the policy no longer knows.
 *
 * @param gateFor makes the gate of a rule, once for each different rule; null in a function that cannot ask
 */
export function rulesOf(
  policy: Pick<
    Policy,
    'clients' | 'people' | 'schedule' | 'healthGate' | 'revokedKeyPairs' | 'notify'
  >,
  gateFor: (rule: HealthGateRule) => HealthGate | null,
): RolloutRules {
  const ruleFor = (origin: Origin) => ruleOfAsker(origin, policy) ?? policy;
  const gates = new Map<string, HealthGate | null>();
  for (const { healthGate } of [policy, ...policy.clients, ...policy.people.map(ruleOf)]) {
    if (healthGate === null || gates.has(keyOf(healthGate))) continue;
    gates.set(keyOf(healthGate), gateFor(healthGate));
  }
  return {
    scheduleOf: (origin) => ruleFor(origin).schedule,
    hasGate: (origin) => ruleFor(origin).healthGate !== null,
    gateOf(origin) {
      const { healthGate } = ruleFor(origin);
      return healthGate === null ? null : (gates.get(keyOf(healthGate)) ?? null);
    },
    revoked: policy.revokedKeyPairs,
    channels: policy.notify.map(({ id, on }) => ({ id, on })),
  };
}

const ruleOf = ({ rule }: Person) => rule;

function keyOf({ url, secretName, timeoutMs }: HealthGateRule): string {
  return JSON.stringify([url, secretName, timeoutMs]);
}

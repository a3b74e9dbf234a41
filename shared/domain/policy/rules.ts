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

/** A channel that is told of rollouts, and of what. Where it is told is the notifier's business. */
export type Channel = Pick<NotifyRule, 'id' | 'on'>;

/**
 * What the policy, as it is deployed now, says of rollouts under way: not as it was when they were
 * accepted.
 */
export interface RolloutRules {
  /** When instances may be restarted. */
  scheduleOf(origin: Origin): Schedule;
  /** Whether a health gate is asked before and after each wave; else the bake time stands alone. */
  hasGate(origin: Origin): boolean;
  /** null where none is asked, and in a function that cannot ask. */
  gateOf(origin: Origin): HealthGate | null;
  readonly revoked: readonly RevokedKeyPair[];
  readonly channels: readonly Channel[];
}

/**
 * The rules of a policy. Those of a client or a person count for what they asked for; those of everybody
 * for launches, and for what somebody asked for whom the policy knows no more.
 *
 * @param gateFor makes the gate of a rule, once for each rule that differs; null in a function that
 * cannot ask
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

import { randomUUID } from 'node:crypto';
import type { HealthGateRule } from '../../shared/domain/model/policy.ts';
import type { HealthGate, Notifier } from '../../shared/domain/model/ports.ts';
import { httpHealthGate } from '../../shared/outbound/health-gate.ts';
import { httpNotifier } from '../../shared/outbound/notifier.ts';
import type { Base } from '../entry.ts';

/** Makes the health gate of a rule; null without a secret for it. */
export function gatesOf({ settings, sockets, clock, log }: Base) {
  return (rule: HealthGateRule): HealthGate | null => {
    const secret = settings.gateSecrets.get(rule.secretName);
    if (secret === undefined) return null;
    return httpHealthGate({
      ...rule,
      secret,
      sockets,
      nowMs: clock.nowMs,
      newId: () => `gate_${randomUUID()}`,
      log,
    });
  };
}

/** Sends notices to the channels of the policy. */
export function notifierOf({ settings, policy, sockets }: Base): Notifier {
  const channels = policy.notify.flatMap(({ id, url, secretName }) => {
    const secrets = settings.channelSecrets.get(secretName);
    return secrets === undefined ? [] : [{ id, url, secrets }];
  });
  return httpNotifier({ channels, sockets });
}

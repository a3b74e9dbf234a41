import { randomUUID } from 'node:crypto';
import type { HealthGateRule, Policy } from '../../shared/domain/policy.ts';
import type { HealthGate, Notifier } from '../../shared/domain/ports.ts';
import type { SecretNames } from '../../shared/inbound/secrets.ts';
import { signWebhook } from '../../shared/inbound/webhook-signature.ts';
import { httpHealthGate } from '../../shared/outbound/health-gate.ts';
import { httpNotifier } from '../../shared/outbound/notifier.ts';
import type { Base } from '../entry.ts';

/** The secrets that Latchkey signs with itself. */
export function gateAndChannelSecrets({
  healthGate,
  clients,
  people,
  notify,
}: Policy): SecretNames {
  const rules = [...clients, ...people.map(({ rule }) => rule)];
  const gates = [healthGate, ...rules.map((rule) => rule.healthGate)];
  return {
    gates: gates.flatMap((gate) => gate?.secretName ?? []),
    channels: notify.map(({ secretName }) => secretName),
  };
}

/** Makes the gate of a rule. */
export function gatesOf({ settings, sockets, clock, log }: Base) {
  return (rule: HealthGateRule): HealthGate | null => {
    const secret = settings.gateSecrets.get(rule.secretName);
    if (secret === undefined) return null;
    return httpHealthGate({
      ...rule,
      secret,
      sign: signWebhook,
      sockets,
      nowMs: clock.nowMs,
      newId: () => `gate_${randomUUID()}`,
      log,
    });
  };
}

/** Tells the channels of the policy. */
export function notifierOf({ settings, policy, sockets }: Base): Notifier {
  const channels = policy.notify.flatMap(({ id, url, secretName }) => {
    const secrets = settings.channelSecrets.get(secretName);
    return secrets === undefined ? [] : [{ id, url, secrets }];
  });
  return httpNotifier({ channels, sign: signWebhook, sockets });
}

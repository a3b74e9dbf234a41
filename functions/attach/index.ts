import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import { rulesOf } from '../../shared/domain/policy/rules.ts';
import { CONSOLE_KEYS_VARIABLE } from '../../shared/domain/model/policy.ts';
import { attachSecrets } from '../../shared/inbound/needed-secrets.ts';
import { entry } from '../entry.ts';
import { rolloutPorts } from '../wiring/rollout-ports.ts';
import { withAuditAndCards } from '../wiring/audit-and-cards.ts';
import { makeHandler } from './handler.ts';

export const { initialize, handler } = entry(
  (base) => {
    const { policy, regionId, settings } = base;
    const clients = policy.clients.flatMap((rule) => {
      const secrets = settings.clientSecrets.get(rule.id);
      return secrets === undefined ? [] : [{ rule, secrets }];
    });
    // Asks no gate: `restart` does.
    const rules = rulesOf(policy, () => null);
    const jwks = settings.keySets.get(CONSOLE_KEYS_VARIABLE);
    const door =
      policy.console === null || jwks === undefined
        ? {}
        : { console: { rule: policy.console, jwks } };
    return withAuditAndCards(base, rolloutPorts(base, rules), (ports) =>
      makeHandler({ ...ports, regionId, clients, ...door }),
    );
  },
  bodiesOf,
  attachSecrets,
);

import type { Policy } from '../domain/model/policy.ts';
import { CONSOLE_KEYS_VARIABLE } from '../domain/model/policy.ts';
import { chatSecretNames } from './chat-contradictions.ts';
import type { Refuse } from './refuse.ts';

/**
 * Whoever knows a secret is taken for whom it belongs to, a client or a chat platform: so each variable
 * is one's alone.
 */
export function secretContradictions(policy: Policy, refuse: Refuse): void {
  const told = toldNames(policy);
  const owners = new Map(
    policy.console === null ? [] : [[CONSOLE_KEYS_VARIABLE, 'the keys of the console']],
  );
  const own = (path: readonly (string | number)[], name: string, whose: string) => {
    const owner = owners.get(name);
    if (owner !== undefined) {
      refuse(path, `Cannot take "${name}": it holds ${owner}`);
    } else if (told.has(name)) {
      const why = 'health gates and channels know their secret, and could sign with it';
      refuse(path, `Cannot take "${name}": ${why}`);
    } else {
      owners.set(name, whose);
    }
  };
  for (const [index, { id, secretNames }] of policy.clients.entries()) {
    for (const [nth, name] of secretNames.entries()) {
      own(['clients', index, 'secretNames', nth], name, `the secrets of client "${id}"`);
    }
  }
  if (policy.chat === null) return;
  for (const [path, name] of chatSecretNames(policy.chat)) {
    own(['chat', ...path], name, `what /${['chat', ...path].join('/')} is for`);
  }
}

function toldNames({ healthGate, clients, people, notify }: Policy): ReadonlySet<string> {
  const rules = [...clients, ...people.map(({ rule }) => rule)];
  const gates = [healthGate, ...rules.map((rule) => rule.healthGate)];
  return new Set([
    ...gates.flatMap((gate) => gate?.secretName ?? []),
    ...notify.map(({ secretName }) => secretName),
  ]);
}

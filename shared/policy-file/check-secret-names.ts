import { type ChatRule, CONSOLE_KEYS_VARIABLE, type Policy } from '../domain/model/policy.ts';
import type { AddFault, Path } from './faults.ts';

/**
 * Whoever knows a secret can act as its owner. So the variable of a client or chat platform must have no
 * other use.
 */
export function checkSecretNames(policy: Policy, addFault: AddFault): void {
  const outside = outsideNames(policy);
  const uses = new Map(
    policy.console === null ? [] : [[CONSOLE_KEYS_VARIABLE, 'the keys of the console']],
  );
  const check = (path: Path, name: string, use: string) => {
    const other = uses.get(name);
    if (other !== undefined) {
      addFault(path, `Cannot take "${name}": it is for ${other}`);
    } else if (outside.has(name)) {
      const why = 'a health gate or channel knows this secret, and could sign with it';
      addFault(path, `Cannot take "${name}": ${why}`);
    } else {
      uses.set(name, use);
    }
  };
  for (const [index, { id, secretNames }] of policy.clients.entries()) {
    for (const [nth, name] of secretNames.entries()) {
      check(['clients', index, 'secretNames', nth], name, `the secrets of client "${id}"`);
    }
  }
  if (policy.chat === null) return;
  for (const [path, name] of chatSecretNames(policy.chat)) {
    check(path, name, `/${path.join('/')}`);
  }
}

/** The variables of the chats, and where the policy names them. */
function chatSecretNames({ buttonSecretName, apps }: ChatRule): [path: Path, name: string][] {
  const ofApps = Object.entries(apps).flatMap(([platform, { secrets }]) =>
    Object.entries(secrets).map(([field, { name }]): [Path, string] => [
      ['chat', platform, `${field}Name`],
      name,
    ]),
  );
  return [[['chat', 'buttonSecretName'], buttonSecretName], ...ofApps];
}

/** Variables whose secrets somebody outside knows. */
function outsideNames({ healthGate, clients, people, notify }: Policy): ReadonlySet<string> {
  const rules = [...clients, ...people.map(({ rule }) => rule)];
  const gates = [healthGate, ...rules.map((rule) => rule.healthGate)];
  return new Set([
    ...gates.flatMap((gate) => gate?.secretName ?? []),
    ...notify.map(({ secretName }) => secretName),
  ]);
}

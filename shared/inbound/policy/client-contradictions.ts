import type { ClientRule, Policy } from '../../domain/policy.ts';
import type { ClientEntry } from './client.ts';
import { type Read, type Refuse, repeated } from './refuse.ts';
import { revokedBy } from './revoked-by.ts';

/** Fields without which a client that may ask could get nothing. */
const ASKER_NEEDS = ['keyPairs', 'maxInstances', 'restart', 'attach'] as const;

export function clientContradictions({ entry, policy }: Read, refuse: Refuse): void {
  repeated(
    policy.clients.map(({ id }) => id),
    (index, id) => {
      refuse(['clients', index, 'id'], `Cannot take "${id}": must be the id of one client only`);
    },
  );
  secretContradictions(policy, refuse);
  for (const [index, client] of policy.clients.entries()) {
    const here: Refuse = (path, detail) => refuse(['clients', index, ...path], detail);
    grantContradictions(entry.clients[index]!, policy, here);
    if (client.approval !== null) approvalContradictions(client, policy, here);
  }
}

function mayAsk({ actions }: Pick<ClientRule, 'actions'>): boolean {
  return actions.includes('ask') || actions.includes('undo');
}

/** Whoever knows a secret is taken for the client that it belongs to. */
function secretContradictions({ clients, healthGate, notify }: Policy, refuse: Refuse): void {
  const told = new Set([
    ...[healthGate, ...clients.map((client) => client.healthGate)].flatMap(
      (gate) => gate?.secretName ?? [],
    ),
    ...notify.map(({ secretName }) => secretName),
  ]);
  const owners = new Map<string, string>();
  for (const [index, { id, secretNames }] of clients.entries()) {
    for (const [nth, name] of secretNames.entries()) {
      const path = ['clients', index, 'secretNames', nth];
      const owner = owners.get(name);
      if (owner !== undefined) {
        refuse(path, `Cannot take "${name}": it holds the secrets of client "${owner}"`);
      } else if (told.has(name)) {
        const why = 'health gates and channels know their secret, and could sign with it';
        refuse(path, `Cannot take "${name}": ${why}`);
      } else {
        owners.set(name, id);
      }
    }
  }
}

function grantContradictions(client: ClientEntry, policy: Policy, refuse: Refuse): void {
  if (mayAsk(client)) {
    for (const field of ASKER_NEEDS) {
      if (client[field] !== undefined) continue;
      refuse([field], 'Cannot be left out: what a client that may ask does not list it may not');
    }
  } else if (client.breakGlass) {
    refuse(['breakGlass'], 'Cannot take true: the client may neither ask nor undo');
  }
  for (const [nth, keyPair] of (client.keyPairs ?? []).entries()) {
    const why = revokedBy(policy.revokedKeyPairs, keyPair);
    if (why !== null) refuse(['keyPairs', nth], `Cannot take "${keyPair.name}": ${why}`);
  }
  const { attach } = policy.optOut;
  if (Object.hasOwn(client.instances?.tags ?? {}, attach)) {
    const why = 'instances with this tag get no key pair';
    refuse(['instances', 'tags', attach], `Cannot be asked for: ${why}`);
  }
}

function approvalContradictions(client: ClientRule, { clients }: Policy, refuse: Refuse): void {
  const { always, aboveInstances, tags } = client.approval!;
  const here: Refuse = (path, detail) => refuse(['approval', ...path], detail);
  const asksByTag = Object.keys(tags).length > 0;
  if (!always && aboveInstances === null && !asksByTag) {
    here([], 'Cannot take an object: must say when: "always", "aboveInstances" or "tags"');
  }
  if (aboveInstances !== null && always) {
    here(['aboveInstances'], `Cannot take ${aboveInstances}: it is always needed`);
  } else if (aboveInstances !== null && aboveInstances >= client.maxInstances) {
    const why = `the client may ask for at most ${client.maxInstances}`;
    here(['aboveInstances'], `Cannot take ${aboveInstances}: ${why}`);
  }
  if (asksByTag && always) here(['tags'], 'Cannot take an object: it is always needed');
  for (const [key, value] of Object.entries(tags)) {
    const must = Object.hasOwn(client.tags, key) ? client.tags[key] : undefined;
    if (must === undefined || must === '*' || value === '*' || value === must) continue;
    const why = `the client may only touch instances with "${must}"`;
    here(['tags', key], `Cannot take "${value}": ${why}`);
  }
  const others = clients.filter(({ id }) => id !== client.id);
  if (mayAsk(client) && !others.some(({ actions }) => actions.includes('approve'))) {
    here([], 'Cannot take an object: no other client may approve, and nobody approves its own');
  }
}

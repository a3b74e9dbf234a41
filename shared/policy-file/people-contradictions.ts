import type { ChatAccount } from '../domain/model/chat.ts';
import type { Policy } from '../domain/model/policy.ts';
import { grantContradictions } from './grant-contradictions.ts';
import { type Read, type Refuse, repeated } from './refuse.ts';

export function peopleContradictions({ entry, policy }: Read, refuse: Refuse): void {
  const { people, clients, chat } = policy;
  repeated(
    people.map(({ id }) => id),
    (index, id) => {
      refuse(['people', index, 'id'], `Cannot take "${id}": must be the id of one person only`);
    },
  );
  const owners = new Map<string, string>();
  for (const [index, { id, accounts, rule }] of people.entries()) {
    const here: Refuse = (path, detail) => refuse(['people', index, ...path], detail);
    // Approvals count one name once, wherever it came from.
    if (clients.some((client) => client.id === id)) {
      here(['id'], `Cannot take "${id}": a client has this id`);
    }
    for (const [nth, account] of accounts.entries()) {
      const owner = owners.get(keyOf(account));
      const why = owner === undefined ? notHere(account, chat) : `it is that of "${owner}"`;
      if (why !== undefined) here(['accounts', nth], `Cannot take "${account.user}": ${why}`);
      if (owner === undefined) owners.set(keyOf(account), id);
    }
    grantContradictions(entry.people[index]!, rule, policy, here);
  }
}

function keyOf({ platform, tenant, user }: ChatAccount): string {
  return JSON.stringify([platform, tenant, user]);
}

/** Nobody could ever write from there. */
function notHere({ platform, tenant }: ChatAccount, chat: Policy['chat']): string | undefined {
  const ours = chat?.apps[platform]?.tenant;
  if (ours === undefined) return `/chat/${platform} is not set up`;
  return ours === tenant ? undefined : `the tenant of /chat/${platform} is "${ours}"`;
}

import type { ChatAccount } from '../domain/model/chat.ts';
import type { ChatRule } from '../domain/model/policy.ts';
import { checkGrants } from './check-grants.ts';
import { type AddFault, below, checkUniqueIds, type ParsedPolicy } from './faults.ts';

/** Checks the clients and the people. */
export function checkAskers({ entry, policy }: ParsedPolicy, addFault: AddFault): void {
  const { clients, people, chat } = policy;
  checkUniqueIds(clients, 'client', below(addFault, 'clients'));
  for (const [index, client] of clients.entries()) {
    const add = below(addFault, 'clients', index);
    const { person } = client;
    if (person !== null && !people.some(({ id }) => id === person)) {
      add(['person'], `Cannot take "${person}": must be the id of a person in "people"`);
    }
    checkGrants(entry.clients[index]!, client, policy, add);
  }

  checkUniqueIds(people, 'person', below(addFault, 'people'));
  const owners = new Map<string, string>();
  for (const [index, { id, accounts, rule }] of people.entries()) {
    const add = below(addFault, 'people', index);
    // Approvals compare ids: a client and a person with the same id would count as one.
    if (clients.some((client) => client.id === id)) {
      add(['id'], `Cannot take "${id}": a client has this id`);
    }
    for (const [nth, account] of accounts.entries()) {
      const key = JSON.stringify([account.platform, account.tenant, account.user]);
      const owner = owners.get(key);
      const why =
        owner === undefined ? tenantFault(account, chat) : `person "${owner}" has this account`;
      if (why !== undefined) add(['accounts', nth], `Cannot take "${account.user}": ${why}`);
      if (owner === undefined) owners.set(key, id);
    }
    checkGrants(entry.people[index]!, rule, policy, add);
  }
}

/** Why no message can come from the account. */
function tenantFault({ platform, tenant }: ChatAccount, chat: ChatRule | null): string | undefined {
  const ours = chat?.apps[platform]?.tenant;
  if (ours === undefined) return `/chat/${platform} is not set up`;
  return ours === tenant ? undefined : `the tenant of /chat/${platform} is "${ours}"`;
}

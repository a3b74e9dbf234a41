import type { ChatAccount } from '../model/chat.ts';
import type { ClientRule, Person, Policy } from '../model/policy.ts';
import type { Origin } from '../model/request.ts';

/** The person with this account; undefined when the policy knows none. */
export function personWith(account: ChatAccount, people: readonly Person[]): Person | undefined {
  return people.find(({ accounts }) => accounts.some((one) => isSame(one, account)));
}

function isSame(one: ChatAccount, other: ChatAccount): boolean {
  const { platform, tenant, user } = one;
  return platform === other.platform && tenant === other.tenant && user === other.user;
}

/**
 * Whose approval it is: the person behind the client, else the client. The policy file gives no client the id
 * of a person, so the id alone is unambiguous.
 */
export function personBehind({ id, person }: Pick<ClientRule, 'id' | 'person'>): string {
  return person ?? id;
}

/** Who requested it, as `personBehind` at that time; null for a launch rule. */
export function askerOf({ door, client, person }: Origin): string | null {
  return door === 'launch' ? null : (person ?? client);
}

/**
 * Whether this person requested it: by the policy of then, by the policy of now, or because the requesting
 * account is theirs now.
 */
export function isAsker(
  person: string,
  origin: Origin,
  { clients, people }: Pick<Policy, 'clients' | 'people'>,
): boolean {
  if (askerOf(origin) === person) return true;
  const { door, client, chat } = origin;
  if (door === 'webhook' && clients.find(({ id }) => id === client)?.person === person) return true;
  return chat !== undefined && personWith(chat.account, people)?.id === person;
}

/**
 * The requester's limits by the current policy; null: no limits, as for a launch rule; undefined: the policy no
 * longer knows the requester.
 */
export function ruleOfAsker(
  { door, client }: Pick<Origin, 'door' | 'client'>,
  { clients, people }: Pick<Policy, 'clients' | 'people'>,
): ClientRule | null | undefined {
  switch (door) {
    case 'webhook':
      return clients.find(({ id }) => id === client);
    case 'chat':
      return people.find(({ id }) => id === client)?.rule;
    case 'launch':
      return null;
  }
}

/** `client "ci"`, `person "alice"`: the name of a rule's owner in messages. */
export function nounOf({ id, person }: Pick<ClientRule, 'id' | 'person'>): string {
  // Only a person's rule names its own id as the person.
  return `${person === id ? 'person' : 'client'} "${id}"`;
}

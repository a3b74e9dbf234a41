import type { ChatAccount } from '../model/chat.ts';
import type { ClientRule, Person, Policy } from '../model/policy.ts';
import type { Origin } from '../model/request.ts';

/** Whose account it is; undefined: nobody's that the policy knows. */
export function personWith(account: ChatAccount, people: readonly Person[]): Person | undefined {
  return people.find(({ accounts }) => accounts.some((one) => isSame(one, account)));
}

function isSame(one: ChatAccount, other: ChatAccount): boolean {
  const { platform, tenant, user } = one;
  return platform === other.platform && tenant === other.tenant && user === other.user;
}

/**
 * Whom an approval counts for: a person of the policy, else the client, which is nobody's. No client has
 * the id of a person (shared/inbound/policy), so that one word is enough.
 */
export function personBehind({ id, person }: Pick<ClientRule, 'id' | 'person'>): string {
  return person ?? id;
}

/** Who asked, as `personBehind`, and as it was when they did; null: a launch rule, which is nobody. */
export function askerOf({ door, client, person }: Origin): string | null {
  return door === 'launch' ? null : (person ?? client);
}

/**
 * Whether this person is the human who asked: as the policy had it then, as it has it now, or because the
 * account that it was asked for from is theirs by now.
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
 * The limits of whoever asked, as they are now; null: nobody's, as for a launch rule; undefined: the policy
 * does not know them any more.
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

/** `client "ci"`, `person "alice"`: what messages call the one whose rule it is. */
export function nounOf({ id, person }: Pick<ClientRule, 'id' | 'person'>): string {
  // Only the rule of a person names its own id as the person.
  return `${person === id ? 'person' : 'client'} "${id}"`;
}

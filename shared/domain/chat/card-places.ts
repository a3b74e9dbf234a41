import type { ChatPlace } from '../model/chat.ts';
import type { ChatRule, Policy } from '../model/policy.ts';
import type { Origin } from '../model/request.ts';

/** A unique text for a conversation. */
export function placeText({ platform, tenant, channel }: ChatPlace): string {
  return [platform, tenant, channel].join('|');
}

/**
 * The places with a card of the rollout: where it was requested, and every channel that the policy names for
 * its door. Each once. None on a platform that is not set up.
 */
export function placesOf({ door, chat }: Origin, rule: ChatRule | null): ChatPlace[] {
  if (rule === null) return [];
  const places = [
    ...(chat === undefined ? [] : [chat.place]),
    ...rule.channels.filter(({ doors }) => doors.includes(door)).map(({ place }) => place),
  ].filter(({ platform }) => rule.apps[platform] !== undefined);
  return [...new Map(places.map((place) => [placeText(place), place])).values()];
}

/** The requester's user id on the place's platform; null when they have none there. */
export function askerAt(
  origin: Origin,
  place: ChatPlace,
  { people, clients }: Pick<Policy, 'people' | 'clients'>,
): string | null {
  const isHere = (one: { readonly platform: string; readonly tenant: string }) =>
    one.platform === place.platform && one.tenant === place.tenant;
  const { chat } = origin;
  if (chat !== undefined && isHere(chat.account)) return chat.account.user;
  const personId = personIdOf(origin, clients);
  const person = people.find(({ id }) => id === personId);
  return person?.accounts.find(isHere)?.user ?? null;
}

function personIdOf({ door, client, person }: Origin, clients: Policy['clients']): string | null {
  switch (door) {
    case 'chat':
      return client;
    case 'webhook':
      return person ?? clients.find(({ id }) => id === client)?.person ?? null;
    case 'launch':
      return null;
  }
}

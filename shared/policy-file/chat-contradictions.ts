import { PLATFORMS } from '../domain/model/chat.ts';
import type { ChatRule, Policy } from '../domain/model/policy.ts';
import { type Refuse, repeated } from './refuse.ts';

export function chatContradictions({ chat }: Policy, refuse: Refuse): void {
  if (chat === null) return;
  const here: Refuse = (path, detail) => refuse(['chat', ...path], detail);
  const { apps, channels } = chat;
  if (Object.keys(apps).length === 0) {
    const platforms = PLATFORMS.map((platform) => `"${platform}"`);
    const last = platforms.pop();
    here([], `Cannot take an object: must set up ${platforms.join(', ')} or ${last}`);
  }
  repeated(
    channels.map(({ id }) => id),
    (index, id) => {
      const why = 'must be the id of one channel only';
      here(['channels', index, 'id'], `Cannot take "${id}": ${why}`);
    },
  );
  repeated(
    channels.map(({ place }) => JSON.stringify([place.platform, place.channel])),
    (index, _, earlier) => {
      const { channel } = channels[index]!.place;
      const why = `/chat/channels/${earlier} is the same`;
      here(['channels', index, 'channel'], `Cannot take "${channel}": ${why}`);
    },
  );
  for (const [index, { place }] of channels.entries()) {
    if (apps[place.platform] !== undefined) continue;
    const why = `/chat/${place.platform} is not set up`;
    here(['channels', index, 'platform'], `Cannot take "${place.platform}": ${why}`);
  }
}

/** Each variable that the chat door needs, and where the policy names it. */
export function chatSecretNames(chat: ChatRule): [path: readonly string[], name: string][] {
  return [
    [['buttonSecretName'], chat.buttonSecretName],
    ...Object.entries(chat.apps).flatMap(([platform, { secrets }]) =>
      Object.entries(secrets).map(([field, { name }]): [string[], string] => [
        [platform, `${field}Name`],
        name,
      ]),
    ),
  ];
}

import type { ChatRule, Policy } from '../domain/model/policy.ts';
import { tenantOf } from './people-contradictions.ts';
import { type Refuse, repeated } from './refuse.ts';

export function chatContradictions({ chat }: Policy, refuse: Refuse): void {
  if (chat === null) return;
  const here: Refuse = (path, detail) => refuse(['chat', ...path], detail);
  const { slack, dingtalk, feishu, channels } = chat;
  if (slack === null && dingtalk === null && feishu === null) {
    here([], 'Cannot take an object: must set up "slack", "dingtalk" or "feishu"');
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
    if (tenantOf(chat, place.platform) !== null) continue;
    const why = `/chat/${place.platform} is not set up`;
    here(['channels', index, 'platform'], `Cannot take "${place.platform}": ${why}`);
  }
}

/** Each variable that the chat door needs, and where the policy names it. */
export function chatSecretNames(chat: ChatRule): [path: readonly string[], name: string][] {
  const named: [path: readonly string[], name: string][] = [
    [['buttonSecretName'], chat.buttonSecretName],
  ];
  for (const platform of ['slack', 'dingtalk', 'feishu'] as const) {
    for (const [field, value] of Object.entries(chat[platform] ?? {})) {
      const isName = field.endsWith('SecretName') || SECRET_FIELDS.has(field);
      if (isName && typeof value === 'string') named.push([[platform, field], value]);
    }
  }
  return named;
}

const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'botTokenName',
  'aesKeyName',
  'encryptKeyName',
  'verificationTokenName',
]);

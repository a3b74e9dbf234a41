import * as v from 'valibot';
import { onlyThese } from '../contract/parse.ts';
import { wholeNumber } from '../contract/requests/texts.ts';
import { type Platform, PLATFORM_NAMES, PLATFORMS } from '../domain/model/chat.ts';
import type { ChatAppRule, ChatRule } from '../domain/model/policy.ts';
import { MAX_INSTANCES } from '../domain/model/request.ts';
import { MESSENGER_SETTINGS } from '../messengers/registry/settings.ts';
import { ChatIdText, eachOnce, NameText, PlatformName, SecretNameText } from './fields.ts';

type App = v.GenericSchema<unknown, Readonly<Record<string, string | number | undefined>>>;

/** Latchkey's app on one platform, with the fields that its messenger's settings name. */
function appOn(platform: Platform): App {
  const { ids, secrets, lowRiskInstances } = MESSENGER_SETTINGS[platform];
  const fields: Record<string, v.GenericSchema<unknown, string | number | undefined>> = {};
  for (const field of Object.keys(ids)) fields[field] = ChatIdText;
  for (const [field, { isOptional }] of Object.entries(secrets)) {
    const name = isOptional ? undefined : `${platform}_${inWords(field)}`.toUpperCase();
    fields[`${field}Name`] = v.optional(SecretNameText, name);
  }
  if (lowRiskInstances !== undefined) {
    const limit = wholeNumber(0, MAX_INSTANCES);
    fields['lowRiskInstances'] = v.optional(limit, lowRiskInstances.default);
  }
  return onlyThese(fields, PLATFORM_NAMES[platform]) as App;
}

/** `botToken` becomes `bot_Token`. */
function inWords(field: string): string {
  return field.replaceAll(/(?=[A-Z])/g, '_');
}

const Channel = onlyThese(
  {
    id: NameText,
    platform: PlatformName,
    channel: ChatIdText,
    doors: v.optional(eachOnce(v.picklist(['webhook', 'chat', 'launch']), 'a door'), [
      'webhook',
      'launch',
    ]),
  },
  'a channel of a chat',
);

export const Chat = onlyThese(
  {
    buttonSecretName: v.optional(SecretNameText, 'CHAT_BUTTON_SECRET'),
    ...(Object.fromEntries(
      PLATFORMS.map((platform) => [platform, v.optional(appOn(platform))]),
    ) as Record<Platform, v.OptionalSchema<App, undefined>>),
    channels: v.optional(v.array(Channel), []),
  },
  'the chats',
);

type ChatEntry = v.InferOutput<typeof Chat>;

export function chatRuleOf(entry: ChatEntry): ChatRule {
  const { buttonSecretName, channels } = entry;
  const apps: Partial<Record<Platform, ChatAppRule>> = {};
  for (const platform of PLATFORMS) {
    const fields = entry[platform];
    if (fields !== undefined) apps[platform] = appRuleOf(fields, platform);
  }
  return {
    buttonSecretName,
    apps,
    channels: channels.map(({ id, platform, channel, doors }) => {
      // `checkChat` refuses a channel on a platform that is not set up.
      const tenant = apps[platform]?.tenant ?? '';
      return { id, place: { platform, tenant, channel }, doors };
    }),
  };
}

function appRuleOf(fields: v.InferOutput<App>, platform: Platform): ChatAppRule {
  const { ids, tenant, secrets, lowRiskInstances } = MESSENGER_SETTINGS[platform];
  return {
    tenant: String(fields[tenant]),
    ids: Object.fromEntries(Object.keys(ids).map((field) => [field, String(fields[field])])),
    secrets: Object.fromEntries(
      Object.entries(secrets).flatMap(([field, { kind, usedBy }]) => {
        const name = fields[`${field}Name`];
        return name === undefined
          ? []
          : [[field, { name: String(name), ...(kind && { kind }), usedBy }]];
      }),
    ),
    lowRiskInstances: lowRiskInstances === undefined ? null : Number(fields['lowRiskInstances']),
  };
}

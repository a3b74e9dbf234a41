import * as v from 'valibot';
import { wholeNumber } from '../contract/requests/texts.ts';
import type { Platform } from '../domain/model/chat.ts';
import type { ChatRule } from '../domain/model/policy.ts';
import { MAX_INSTANCES } from '../domain/model/request.ts';
import { onlyThese } from '../contract/parse.ts';
import { ChatIdText, eachOnce, NameText, PlatformName, SecretNameText } from './fields.ts';

/**
 * Largest rollout that can be approved in DingTalk: our own choice. DingTalk's signatures do not cover the
 * content of a request (docs/chatops.md).
 */
const LOW_RISK_INSTANCES = 20;

const secretName = (byDefault: string) => v.optional(SecretNameText, byDefault);

const Slack = onlyThese(
  {
    teamId: ChatIdText,
    appId: ChatIdText,
    signingSecretName: secretName('SLACK_SIGNING_SECRET'),
    botTokenName: secretName('SLACK_BOT_TOKEN'),
  },
  'Slack',
);

const DingTalk = onlyThese(
  {
    corpId: ChatIdText,
    robotCode: ChatIdText,
    appKey: ChatIdText,
    cardTemplateId: ChatIdText,
    appSecretName: secretName('DINGTALK_APP_SECRET'),
    cardSecretName: secretName('DINGTALK_CARD_SECRET'),
    pathSecretName: secretName('DINGTALK_PATH_SECRET'),
    aesKeyName: v.optional(SecretNameText),
    lowRiskInstances: v.optional(wholeNumber(0, MAX_INSTANCES), LOW_RISK_INSTANCES),
  },
  'DingTalk',
);

const Feishu = onlyThese(
  {
    tenantKey: ChatIdText,
    appId: ChatIdText,
    appSecretName: secretName('FEISHU_APP_SECRET'),
    encryptKeyName: secretName('FEISHU_ENCRYPT_KEY'),
    verificationTokenName: secretName('FEISHU_VERIFICATION_TOKEN'),
  },
  'Feishu',
);

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
    buttonSecretName: secretName('CHAT_BUTTON_SECRET'),
    slack: v.optional(Slack),
    dingtalk: v.optional(DingTalk),
    feishu: v.optional(Feishu),
    channels: v.optional(v.array(Channel), []),
  },
  'the chats',
);

type ChatEntry = v.InferOutput<typeof Chat>;

/** The tenant of each platform; undefined when the platform is not set up. */
export function tenantsOf({
  slack,
  dingtalk,
  feishu,
}: Pick<ChatEntry | ChatRule, Platform>): Readonly<Record<Platform, string | undefined>> {
  return { slack: slack?.teamId, dingtalk: dingtalk?.corpId, feishu: feishu?.tenantKey };
}

/** A channel of a platform that is not set up gets the tenant '': `checkChat` refuses it. */
export function chatRuleOf(entry: ChatEntry): ChatRule {
  const { buttonSecretName, slack, dingtalk, feishu, channels } = entry;
  const tenants = tenantsOf(entry);
  return {
    buttonSecretName,
    slack: slack ?? null,
    dingtalk:
      dingtalk === undefined ? null : { ...dingtalk, aesKeyName: dingtalk.aesKeyName ?? null },
    feishu: feishu ?? null,
    channels: channels.map(({ id, platform, channel, doors }) => {
      return { id, place: { platform, tenant: tenants[platform] ?? '', channel }, doors };
    }),
  };
}

import { randomBytes } from 'node:crypto';

export const PLATFORMS = ['slack', 'dingtalk', 'feishu'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** A person on the page, with an account on each platform. */
export interface Member {
  readonly id: string;
  readonly accounts: Readonly<Record<Platform, string>>;
}

/** The company that uses the three platforms. All ids are invented, in each platform's own format. */
export const WORKSPACE = {
  channelName: 'ops',
  slack: {
    teamId: 'T0LATCHKEY',
    teamDomain: 'latchkey-local',
    appId: 'A0LATCHKEY',
    botUserId: 'U0LATCHKEY',
    botId: 'B0LATCHKEY',
    channelId: 'C0OPS',
    command: '/latchkey',
  },
  dingtalk: {
    corpId: 'ding10ca110ca110ca1',
    robotCode: 'ding10ca1robot',
    appKey: 'ding10ca1appkey',
    cardTemplateId: '10ca1000-1a7c-4ca1-b001-10ca1000ca4d.schema',
    chatbotUserId: '$:LWCP_v1:$10ca1robot',
    conversationId: 'cid10ca1OPS==',
  },
  feishu: {
    tenantKey: '10ca1000tenant',
    appId: 'cli_10ca1000a9900000',
    botOpenId: 'ou_10ca100000000000000000000000b070',
    chatId: 'oc_10ca1000000000000000000000000095',
  },
} as const;

/** By `policy.json`, alice may ask, bob may approve, carol may do both, and mallory is unknown. */
export const MEMBERS: readonly Member[] = [
  member('alice', 'U0ALICE', 'alice01', 'a11ce'),
  member('bob', 'U0BOB', 'bob02', 'b0b'),
  member('carol', 'U0CAROL', 'carol03', 'ca401'),
  member('mallory', 'U0MALLORY', 'mallory04', '3a110'),
];

function member(id: string, slack: string, dingtalk: string, feishu: string): Member {
  return { id, accounts: { slack, dingtalk, feishu: `ou_10ca1${feishu.padStart(27, '0')}` } };
}

export function memberOf(platform: Platform, account: string): Member | undefined {
  return MEMBERS.find(({ accounts }) => accounts[platform] === account);
}

/** @returns the id of the member with this account, or the account itself when no member has it */
export function nameOf(platform: Platform, account: string): string {
  return memberOf(platform, account)?.id ?? account;
}

export interface ChatSecrets {
  readonly slackSigningSecret: string;
  readonly slackBotToken: string;
  readonly dingtalkAppSecret: string;
  /** The `apiSecret` of the registered card callback. */
  readonly dingtalkCardSecret: string;
  /** The last segment of the callback path. */
  readonly dingtalkPathSecret: string;
  readonly feishuAppSecret: string;
  readonly feishuEncryptKey: string;
  readonly feishuVerificationToken: string;
  /** Latchkey's own. No platform knows it. */
  readonly buttonSecret: string;
}

/** New random secrets, each in its platform's format. */
export function newSecrets(): ChatSecrets {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  return {
    slackSigningSecret: hex(16),
    slackBotToken: `xoxb-${hex(24)}`,
    dingtalkAppSecret: randomBytes(48).toString('base64url'),
    dingtalkCardSecret: hex(24),
    dingtalkPathSecret: hex(24),
    feishuAppSecret: hex(16),
    feishuEncryptKey: hex(16),
    feishuVerificationToken: hex(16),
    buttonSecret: `whsec_${randomBytes(32).toString('base64')}`,
  };
}

/** The secrets by the names of their environment variables in `s.yaml`. */
export function secretVariables(secrets: ChatSecrets): Readonly<Record<string, string>> {
  return {
    SLACK_SIGNING_SECRET: secrets.slackSigningSecret,
    SLACK_BOT_TOKEN: secrets.slackBotToken,
    DINGTALK_APP_SECRET: secrets.dingtalkAppSecret,
    DINGTALK_CARD_SECRET: secrets.dingtalkCardSecret,
    DINGTALK_PATH_SECRET: secrets.dingtalkPathSecret,
    FEISHU_APP_SECRET: secrets.feishuAppSecret,
    FEISHU_ENCRYPT_KEY: secrets.feishuEncryptKey,
    FEISHU_VERIFICATION_TOKEN: secrets.feishuVerificationToken,
    CHAT_BUTTON_SECRET: secrets.buttonSecret,
  };
}

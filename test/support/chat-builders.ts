import type { Approval } from '../../shared/domain/model/rollout.ts';
import type { ChatPlace } from '../../shared/domain/model/chat.ts';
import type { ChatChannel, ChatRule, Person } from '../../shared/domain/model/policy.ts';
import { aClient, NOW_MS } from '../models/builders.ts';

/** A Slack channel of the tenant of `aChatRule`. */
export function aPlace(over: Partial<ChatPlace> = {}): ChatPlace {
  return { platform: 'slack', tenant: 'T0001', channel: 'C0001', ...over };
}

/** What `policy.json` sets up with the default names of secrets. */
export const CHAT_APPS = {
  slack: {
    tenant: 'T0001',
    ids: { teamId: 'T0001', appId: 'A0001' },
    secrets: {
      signingSecret: { name: 'SLACK_SIGNING_SECRET', usedBy: ['chat'] },
      botToken: { name: 'SLACK_BOT_TOKEN', usedBy: ['messenger'] },
    },
    lowRiskInstances: null,
  },
  dingtalk: {
    tenant: 'ding0001',
    ids: {
      corpId: 'ding0001',
      robotCode: 'robot0001',
      appKey: 'key0001',
      cardTemplateId: 'template.schema',
    },
    secrets: {
      appSecret: { name: 'DINGTALK_APP_SECRET', usedBy: ['chat', 'messenger'] },
      cardSecret: { name: 'DINGTALK_CARD_SECRET', usedBy: ['chat'] },
      pathSecret: { name: 'DINGTALK_PATH_SECRET', kind: 'path', usedBy: ['chat'] },
    },
    lowRiskInstances: 20,
  },
  feishu: {
    tenant: 'tenant0001',
    ids: { tenantKey: 'tenant0001', appId: 'cli_0001' },
    secrets: {
      appSecret: { name: 'FEISHU_APP_SECRET', usedBy: ['messenger'] },
      encryptKey: { name: 'FEISHU_ENCRYPT_KEY', usedBy: ['chat'] },
      verificationToken: { name: 'FEISHU_VERIFICATION_TOKEN', usedBy: ['chat'] },
    },
    lowRiskInstances: null,
  },
} as const satisfies ChatRule['apps'];

/** All three platforms, without channels. */
export function aChatRule(over: Partial<ChatRule> = {}): ChatRule {
  return { buttonSecretName: 'CHAT_BUTTON_SECRET', apps: CHAT_APPS, channels: [], ...over };
}

/** A channel that shows rollouts of the webhook. */
export function aChannel(over: Partial<ChatChannel> = {}): ChatChannel {
  return { id: 'ops', place: aPlace(), doors: ['webhook'], ...over };
}

/** Alice, with a Slack account. She may do everything. */
export function aPerson(over: Partial<Person> = {}): Person {
  const id = over.id ?? 'alice';
  return {
    id,
    accounts: [{ platform: 'slack', tenant: 'T0001', user: 'U0001' }],
    rule: aClient({ id, person: id, secretNames: [] }),
    ...over,
  };
}

/** An approval that one person must give within an hour. */
export function anApproval(over: Partial<Approval> = {}): Approval {
  return {
    state: 'waiting',
    untilMs: NOW_MS + 3_600_000,
    by: '',
    why: 'client "ci" always needs one',
    needed: 1,
    given: [],
    isHighRisk: false,
    facts: { stopped: 0, replaces: [] },
    ...over,
  };
}

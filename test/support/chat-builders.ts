import type { Approval } from '../../shared/domain/model/rollout.ts';
import type { ChatPlace } from '../../shared/domain/model/chat.ts';
import type { ChatChannel, ChatRule, Person } from '../../shared/domain/model/policy.ts';
import { aClient, NOW_MS } from '../models/builders.ts';

/** A Slack channel of the tenant of `aChatRule`. */
export function aPlace(over: Partial<ChatPlace> = {}): ChatPlace {
  return { platform: 'slack', tenant: 'T0001', channel: 'C0001', ...over };
}

/** All three platforms, without channels. */
export function aChatRule(over: Partial<ChatRule> = {}): ChatRule {
  return {
    buttonSecretName: 'CHAT_BUTTON_SECRET',
    slack: {
      teamId: 'T0001',
      appId: 'A0001',
      signingSecretName: 'SLACK_SIGNING_SECRET',
      botTokenName: 'SLACK_BOT_TOKEN',
    },
    dingtalk: {
      corpId: 'ding0001',
      robotCode: 'robot0001',
      appKey: 'key0001',
      cardTemplateId: 'template.schema',
      appSecretName: 'DINGTALK_APP_SECRET',
      cardSecretName: 'DINGTALK_CARD_SECRET',
      pathSecretName: 'DINGTALK_PATH_SECRET',
      aesKeyName: null,
      lowRiskInstances: 20,
    },
    feishu: {
      tenantKey: 'tenant0001',
      appId: 'cli_0001',
      appSecretName: 'FEISHU_APP_SECRET',
      encryptKeyName: 'FEISHU_ENCRYPT_KEY',
      verificationTokenName: 'FEISHU_VERIFICATION_TOKEN',
    },
    channels: [],
    ...over,
  };
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

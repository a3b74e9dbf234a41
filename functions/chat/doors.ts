import type { ChatRule, Policy } from '../../shared/domain/policy.ts';
import { buttonKey, type ButtonKey } from '../../shared/inbound/chat/button-token.ts';
import type { DingTalkApp } from '../../shared/inbound/chat/dingtalk.ts';
import type { FeishuApp } from '../../shared/inbound/chat/feishu.ts';
import type { SlackApp } from '../../shared/inbound/chat/slack.ts';
import type { Settings } from '../../shared/inbound/environment.ts';
import type { SecretNames } from '../../shared/inbound/secrets.ts';

/** How each platform is verified; null: it is not set up, and nothing of it is taken. */
export interface Doors {
  readonly slack: (SlackApp & { readonly signingSecret: string }) | null;
  readonly dingtalk: DingTalkDoor | null;
  readonly feishu: FeishuApp | null;
  /** What tokens of buttons are read with. */
  readonly buttons: readonly ButtonKey[];
}

export interface DingTalkDoor extends DingTalkApp {
  readonly appSecret: string;
  /** `apiSecret` of the registered card callback. */
  readonly cardSecret: string;
  readonly pathSecret: string;
}

/** The secrets that requests are verified with. DingTalk's alone can also post. */
export function verifyingSecrets({ chat }: Pick<Policy, 'chat'>): SecretNames {
  if (chat === null) return {};
  const { slack, dingtalk, feishu } = chat;
  const text = (name: string) => ({ name, kind: 'text' }) as const;
  return {
    buttons: [chat.buttonSecretName],
    chat: [
      ...(slack === null ? [] : [text(slack.signingSecretName)]),
      ...(dingtalk === null ? [] : dingTalkSecrets(dingtalk)),
      ...(feishu === null ? [] : [feishu.encryptKeyName, feishu.verificationTokenName].map(text)),
    ],
  };
}

function dingTalkSecrets(app: NonNullable<ChatRule['dingtalk']>): SecretNames['chat'] & object {
  return [
    { name: app.appSecretName, kind: 'text' },
    { name: app.cardSecretName, kind: 'text' },
    { name: app.pathSecretName, kind: 'path' },
    ...(app.aesKeyName === null ? [] : [{ name: app.aesKeyName, kind: 'aes-key' } as const]),
  ];
}

export function doorsOf(
  { slack, dingtalk, feishu, buttonSecretName }: ChatRule,
  of: Settings,
): Doors {
  const { chatSecrets, chatEndpoints, buttonSecrets } = of;
  /** Every one was read, or the function would not have started. */
  const secret = (name: string) => chatSecrets.get(name)!;
  return {
    slack: slack && {
      teamId: slack.teamId,
      appId: slack.appId,
      endpoint: chatEndpoints.slack,
      signingSecret: secret(slack.signingSecretName),
    },
    dingtalk: dingtalk && {
      corpId: dingtalk.corpId,
      robotCode: dingtalk.robotCode,
      endpoint: chatEndpoints.dingtalk,
      aesKey: dingtalk.aesKeyName === null ? null : secret(dingtalk.aesKeyName),
      appSecret: secret(dingtalk.appSecretName),
      cardSecret: secret(dingtalk.cardSecretName),
      pathSecret: secret(dingtalk.pathSecretName),
    },
    feishu: feishu && {
      tenantKey: feishu.tenantKey,
      appId: feishu.appId,
      encryptKey: secret(feishu.encryptKeyName),
      verificationToken: secret(feishu.verificationTokenName),
    },
    buttons: (buttonSecrets.get(buttonSecretName) ?? []).map(buttonKey),
  };
}

/** Of a policy without a chat door: nothing is taken. */
export const NO_DOORS: Doors = { slack: null, dingtalk: null, feishu: null, buttons: [] };

import type { ChatRule } from '../../shared/domain/model/policy.ts';
import { buttonKey, type ButtonKey } from '../../shared/messengers/button-token.ts';
import type { DingTalkApp } from '../../shared/messengers/dingtalk/dingtalk-in.ts';
import type { FeishuApp } from '../../shared/messengers/feishu/feishu-in.ts';
import type { SlackApp } from '../../shared/messengers/slack/slack-in.ts';
import type { Settings } from '../../shared/inbound/environment.ts';

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

import type { ChatOut } from '../../shared/domain/chat-ports.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import type { SecretNames } from '../../shared/inbound/secrets.ts';
import { chatOut } from '../../shared/outbound/chat/chat-out.ts';
import type { Base } from '../entry.ts';

/** The secrets that messages are posted with, and that buttons are signed with. */
export function postingSecrets({ chat }: Pick<Policy, 'chat'>): SecretNames {
  if (chat === null) return {};
  const { slack, dingtalk, feishu } = chat;
  const names = [
    ...(slack === null ? [] : [slack.botTokenName]),
    ...(dingtalk === null ? [] : [dingtalk.appSecretName]),
    ...(feishu === null ? [] : [feishu.appSecretName]),
  ];
  return {
    buttons: [chat.buttonSecretName],
    chat: names.map((name) => ({ name, kind: 'text' })),
  };
}

/** The platforms that the policy has set up. */
export function platformsOf({ policy, settings, sockets, clock, log }: Base): ChatOut {
  const { slack = null, dingtalk = null, feishu = null } = policy.chat ?? {};
  const { chatSecrets, chatEndpoints } = settings;
  /** Every one was read, or the function would not have started. */
  const secret = (name: string) => chatSecrets.get(name)!;
  return chatOut({
    slack: slack && {
      teamId: slack.teamId,
      botToken: secret(slack.botTokenName),
      endpoint: chatEndpoints.slack,
    },
    dingtalk: dingtalk && {
      corpId: dingtalk.corpId,
      robotCode: dingtalk.robotCode,
      appKey: dingtalk.appKey,
      appSecret: secret(dingtalk.appSecretName),
      cardTemplateId: dingtalk.cardTemplateId,
      endpoint: chatEndpoints.dingtalk,
    },
    feishu: feishu && {
      tenantKey: feishu.tenantKey,
      appId: feishu.appId,
      appSecret: secret(feishu.appSecretName),
      endpoint: chatEndpoints.feishu,
    },
    sockets,
    nowMs: clock.nowMs,
    log,
  });
}

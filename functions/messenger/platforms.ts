import type { ChatOut } from '../../shared/domain/model/chat-ports.ts';
import { chatOut } from '../../shared/messengers/chat-out.ts';
import type { Base } from '../entry.ts';

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

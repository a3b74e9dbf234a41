import type { ChatPlace, Platform, ReplyTo } from '../../shared/domain/model/chat.ts';
import type { Log } from '../../shared/domain/model/ports.ts';
import { chatOut, type ChatOutOptions } from '../../shared/messengers/chat-out.ts';
import { keptSockets } from '../../shared/outbound/sockets.ts';

export const CHAT_NOW_MS = 1_790_000_000_000;

const TENANT: Readonly<Record<Platform, string>> = {
  slack: 'T0001',
  dingtalk: 'ding0001',
  feishu: 'tenant0001',
};
const CHANNEL: Readonly<Record<Platform, string>> = {
  slack: 'C0OPS',
  dingtalk: 'cidOPS==',
  feishu: 'oc_0095',
};

export function placeOn(platform: Platform, over: Partial<ChatPlace> = {}): ChatPlace {
  return { platform, tenant: TENANT[platform], channel: CHANNEL[platform], ...over };
}

/** A reply address that is valid for an hour. */
export function replyToOn(platform: Platform, over: Partial<ReplyTo> = {}): ReplyTo {
  const untilMs = CHAT_NOW_MS + 3_600_000;
  return { place: placeOn(platform), user: 'U0ALICE', url: '', untilMs, messageId: '', ...over };
}

/** All three platforms at one address. The clock stands still unless it is set. */
export function chatOutAt(endpoint: string, over: Partial<ChatOutOptions> = {}) {
  const clock = { nowMs: CHAT_NOW_MS };
  const lines: string[] = [];
  const log: Log = (level, event, fields) => {
    lines.push(JSON.stringify([level, event, fields]));
  };
  const out = chatOut({
    apps: {
      slack: { teamId: 'T0001', botToken: 'xoxb-secret', endpoint },
      dingtalk: {
        corpId: 'ding0001',
        robotCode: 'robot0001',
        appKey: 'key0001',
        appSecret: 'ding-secret',
        cardTemplateId: 'template.schema',
        endpoint,
      },
      feishu: { tenantKey: 'tenant0001', appId: 'cli_0001', appSecret: 'lark-secret', endpoint },
    },
    sockets: keptSockets(),
    nowMs: () => clock.nowMs,
    log,
    ...over,
  });
  return { out, clock, lines };
}

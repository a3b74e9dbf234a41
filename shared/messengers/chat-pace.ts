import type { Platform } from '../domain/model/chat.ts';

/**
 * Least time between two updates of one card. What changes meanwhile is shown by one.
 *
 * - Slack: `chat.update` is of tier 3, 50 and more a minute for the whole workspace: https://docs.slack.dev/reference/methods/chat.update
 * - DingTalk: 20 messages a minute are said of group robots, and ten minutes of silence above that; of
 *   cards of an app no limit was found. Half of that, so that answers have room beside it: our own choice.
 * - Feishu: five a second for one message, of which one is enough to look at:
 *   https://open.feishu.cn/document/server-docs/im-v1/message-card/patch
 */
export const UPDATE_EVERY_MS: Readonly<Record<Platform, number>> = {
  slack: 1_500,
  dingtalk: 6_000,
  feishu: 1_000,
};

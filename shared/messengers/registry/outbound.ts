import type { Platform } from '../../domain/model/chat.ts';
import { dingtalkOutbound } from '../dingtalk/dingtalk-out.ts';
import { feishuOutbound } from '../feishu/feishu-out.ts';
import type { OutboundMessenger } from '../outbound-messenger.ts';
import { slackOutbound } from '../slack/slack-out.ts';

export const OUTBOUND: Readonly<Record<Platform, OutboundMessenger>> = {
  slack: slackOutbound,
  dingtalk: dingtalkOutbound,
  feishu: feishuOutbound,
};

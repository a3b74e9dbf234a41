import type { Platform } from '../../domain/model/chat.ts';
import { dingtalkInbound } from '../dingtalk/dingtalk-inbound.ts';
import { feishuInbound } from '../feishu/feishu-inbound.ts';
import type { InboundMessenger } from '../inbound-messenger.ts';
import { slackInbound } from '../slack/slack-inbound.ts';

export const INBOUND: Readonly<Record<Platform, InboundMessenger>> = {
  slack: slackInbound,
  dingtalk: dingtalkInbound,
  feishu: feishuInbound,
};

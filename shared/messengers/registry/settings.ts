import type { Platform } from '../../domain/model/chat.ts';
import { dingtalkSettings } from '../dingtalk/dingtalk-settings.ts';
import { feishuSettings } from '../feishu/feishu-settings.ts';
import type { MessengerSettings } from '../messenger-settings.ts';
import { slackSettings } from '../slack/slack-settings.ts';

export const MESSENGER_SETTINGS: Readonly<Record<Platform, MessengerSettings>> = {
  slack: slackSettings,
  dingtalk: dingtalkSettings,
  feishu: feishuSettings,
};

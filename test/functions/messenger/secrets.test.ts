import { test } from 'vitest';
import { postingSecrets } from '../../../shared/inbound/needed-secrets.ts';
import { aChatRule, CHAT_APPS } from '../../support/chat-builders.ts';

test('messenger reads what it posts and signs with, and nothing that requests are verified with', ({
  expect,
}) => {
  const { chat = [], buttons } = postingSecrets({ chat: aChatRule() });
  expect(chat.map(({ name }) => name)).toEqual([
    'SLACK_BOT_TOKEN',
    'DINGTALK_APP_SECRET',
    'FEISHU_APP_SECRET',
  ]);
  expect(buttons).toEqual(['CHAT_BUTTON_SECRET']);
});

test('it reads nothing of a platform that is not set up, and nothing at all without a chat door', ({
  expect,
}) => {
  const { chat = [] } = postingSecrets({
    chat: aChatRule({ apps: { dingtalk: CHAT_APPS.dingtalk } }),
  });
  expect(chat.map(({ name }) => name)).toEqual(['DINGTALK_APP_SECRET']);
  expect(postingSecrets({ chat: null })).toEqual({});
});

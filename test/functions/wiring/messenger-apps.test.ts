import { test } from 'vitest';
import { messengerAppsOf } from '../../../functions/wiring/messenger-apps.ts';
import { readEnvironment } from '../../../shared/inbound/environment.ts';
import { verifyingSecrets } from '../../../shared/inbound/needed-secrets.ts';
import { aPolicy } from '../../models/builders.ts';
import { aChatRule } from '../../support/chat-builders.ts';
import { CHAT_SECRETS, someApps } from '../../support/chat-requests.ts';

const ENVIRONMENT = {
  REGION_ID: 'cn-hangzhou',
  SMQ_QUEUE: 'latchkey',
  SMQ_DEAD_LETTER_QUEUE: 'latchkey-dead',
  TABLESTORE_INSTANCE: 'latchkey',
  FEISHU_ENDPOINT: 'http://127.0.0.1:9010',
  ...CHAT_SECRETS,
};

test('an app has its ids, the secrets that the function reads, and the endpoint', ({ expect }) => {
  const policy = aPolicy({ chat: aChatRule() });
  const secretNames = verifyingSecrets(policy);
  const settings = readEnvironment(ENVIRONMENT, { accountId: '1000000000000000', secretNames });
  const apps = messengerAppsOf({ policy, settings });
  expect(apps).toMatchObject(someApps());
  expect(apps.feishu?.endpoint).toBe('http://127.0.0.1:9010');
  expect(apps.slack?.['botToken']).toBeUndefined();
});

test('without a chat door there are no apps', ({ expect }) => {
  const settings = readEnvironment(ENVIRONMENT, { accountId: '1000000000000000' });
  expect(messengerAppsOf({ policy: aPolicy({ chat: null }), settings })).toEqual({});
});

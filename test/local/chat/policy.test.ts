import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { MEMBERS, WORKSPACE } from '../../../local/chat/workspace.ts';

interface PolicyFile {
  readonly people: { id: string; accounts: { platform: string; tenant: string; user: string }[] }[];
  readonly chat: Record<'slack' | 'dingtalk' | 'feishu', Record<string, string>>;
}

const { people, chat } = JSON.parse(readFileSync('policy.json', 'utf8')) as PolicyFile;
const { slack, dingtalk, feishu } = WORKSPACE;

test("the project's policy fits the local company, and knows all of its people but mallory", ({
  expect,
}) => {
  const tenants = { slack: slack.teamId, dingtalk: dingtalk.corpId, feishu: feishu.tenantKey };
  const known = MEMBERS.filter(({ id }) => id !== 'mallory').map(({ id, accounts }) => ({
    id,
    accounts: (['slack', 'dingtalk', 'feishu'] as const).map((platform) => ({
      platform,
      tenant: tenants[platform],
      user: accounts[platform],
    })),
  }));

  expect(people.map(({ id, accounts }) => ({ id, accounts }))).toEqual(known);
  expect(slack).toMatchObject(chat.slack);
  expect(dingtalk).toMatchObject(chat.dingtalk);
  expect(feishu).toMatchObject(chat.feishu);
});

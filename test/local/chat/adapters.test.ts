import { test } from 'vitest';
import type { Card } from '../../../shared/domain/model/card.ts';
import type { ChatPlace } from '../../../shared/domain/model/chat.ts';
import { MEMBERS, WORKSPACE } from '../../../local/chat/workspace.ts';
import { chatOut } from '../../../shared/messengers/chat-out.ts';
import { keptSockets } from '../../../shared/outbound/sockets.ts';
import { aChat } from './a-chat.ts';

/** The adapters and the emulated platforms were written independently. These tests let them talk to each other. */

const { slack, dingtalk, feishu } = WORKSPACE;
const PLACES: readonly ChatPlace[] = [
  { platform: 'slack', tenant: slack.teamId, channel: slack.channelId },
  { platform: 'dingtalk', tenant: dingtalk.corpId, channel: dingtalk.conversationId },
  { platform: 'feishu', tenant: feishu.tenantKey, channel: feishu.chatId },
];

const HOSTILE = '<!channel> <@U0BOB> [x](http://evil.example) <at id=all></at> @所有人 @bob02 `*_~';

const CARD: Card = {
  title: `a plan ${HOSTILE}`,
  tone: 'warning',
  blocks: [
    { kind: 'text', text: HOSTILE },
    {
      kind: 'facts',
      facts: [
        ['Asked by', 'alice'],
        ['Note', HOSTILE],
      ],
    },
    { kind: 'code', text: `████░░░░ 3 of 8\n${HOSTILE}` },
  ],
  buttons: [
    { action: 'approve', label: 'Approve', style: 'primary', confirm: 'Really?', token: 'v1.a.b' },
    { action: 'deny', label: 'Deny', style: 'danger', confirm: '', token: 'v1.c.d' },
    { action: 'pause', label: 'Pause', style: 'plain', confirm: '', token: 'v1.e.f' },
  ],
  mention: null,
};

async function chatWithAdapters() {
  const chat = await aChat();
  const { url: endpoint, secrets } = chat;
  const out = chatOut({
    apps: {
      slack: { ...slack, botToken: secrets.slackBotToken, endpoint },
      dingtalk: { ...dingtalk, appSecret: secrets.dingtalkAppSecret, endpoint },
      feishu: { ...feishu, appSecret: secrets.feishuAppSecret, endpoint },
    },
    sockets: keptSockets(),
    nowMs: () => chat.clock.nowMs,
    log: () => {},
  });
  return { ...chat, out };
}

/** Larger than any card can be: the adapters must shorten it. */
const hugeCard = (): Card => ({
  ...CARD,
  blocks: Array.from({ length: 60 }, (_, i) => ({
    kind: 'facts',
    facts: Array.from({ length: 12 }, (__, j) => [`label ${i} ${j}`, 'x'.repeat(200)] as const),
  })),
});

test.for(PLACES)(
  '$platform accepts the posts, updates and answers of its adapter',
  async (place, { expect }) => {
    const { out, seen } = await chatWithAdapters();
    const user = MEMBERS[1]!.accounts[place.platform];
    const to = { place, user, url: '', untilMs: 0, messageId: '' };

    const posted = await out.post(place, CARD, 'key-1');
    if (posted.kind !== 'sent') throw new Error(posted.why);
    const updated = await out.update(posted.value, { ...CARD, title: 'done', buttons: [] });
    const replied = await out.reply(to, CARD);

    expect([updated, replied]).toEqual([
      { kind: 'sent', value: null },
      { kind: 'sent', value: null },
    ]);
    const messages = seen(place.platform, 'bob');
    expect(messages).toMatchObject([{ id: posted.value.messageId, edits: 1 }, { edits: 0 }]);
    expect(messages.flatMap(({ mentions }) => mentions)).toEqual([]);
  },
);

test.for(PLACES)(
  '$platform notifies only the person whom a card mentions',
  async (place, { expect }) => {
    const { out, seen } = await chatWithAdapters();
    const { accounts } = MEMBERS[2]!;

    await out.post(place, { ...CARD, mention: accounts[place.platform] }, 'key-1');

    expect(seen(place.platform, 'alice')[0]!.mentions).toEqual(['carol']);
  },
);

test.for(PLACES)('$platform accepts the largest card', async (place, { expect }) => {
  const { out } = await chatWithAdapters();
  expect(await out.post(place, hugeCard(), 'key-1')).toMatchObject({ kind: 'sent' });
});

test('DingTalk and Feishu post a card with the same key once', async ({ expect }) => {
  const { out, seen } = await chatWithAdapters();
  for (const place of PLACES.slice(1)) {
    await out.post(place, CARD, 'key-1');
    await out.post(place, CARD, 'key-1');
    expect(seen(place.platform, 'alice')).toHaveLength(1);
  }
});

test('an expired token is replaced', async ({ expect }) => {
  const { out, clock } = await chatWithAdapters();
  for (const place of PLACES.slice(1)) await out.post(place, CARD, 'key-1');
  clock.nowMs += 7_200_000;

  for (const place of PLACES.slice(1)) {
    expect(await out.post(place, CARD, 'key-2')).toMatchObject({ kind: 'sent' });
  }
});

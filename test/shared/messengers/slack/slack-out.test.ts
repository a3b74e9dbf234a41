import { test } from 'vitest';
import { slackMessage } from '../../../../shared/messengers/slack/slack-render.ts';
import { aCard } from '../../../support/cards.ts';
import { CHAT_NOW_MS, chatOutAt, placeOn, replyToOn } from '../../../support/chat-outs.ts';
import { jsonOf, platformServer, type Said } from '../../../support/platform-server.ts';

const POST = '/api/chat.postMessage';
const UPDATE = '/api/chat.update';
const EPHEMERAL = '/api/chat.postEphemeral';
const HOOK = '/commands/T0001/1/secret';

const well: Said = { body: { ok: true, channel: 'C0OPS', ts: '1503435956.000247' } };
const place = placeOn('slack');
const ref = { place, messageId: '1503435956.000247' };

test('a card is posted with the bot token, and known by its ts', async ({ expect }) => {
  const { url, asked } = await platformServer({ [POST]: [well] });

  expect(await chatOutAt(url).out.post(place, aCard(), 'key')).toEqual({
    kind: 'sent',
    value: ref,
  });

  expect(asked[0]).toMatchObject({
    method: 'POST',
    url: POST,
    headers: {
      authorization: 'Bearer xoxb-secret',
      'content-type': 'application/json; charset=utf-8',
    },
  });
  expect(jsonOf(asked[0])).toEqual({
    channel: 'C0OPS',
    ...slackMessage(aCard()),
    unfurl_links: false,
    unfurl_media: false,
  });
});

test('a card is edited in place', async ({ expect }) => {
  const { url, asked } = await platformServer({ [UPDATE]: [well] });
  expect(await chatOutAt(url).out.update(ref, aCard())).toEqual({ kind: 'sent', value: null });
  expect(jsonOf(asked[0])).toEqual({
    channel: 'C0OPS',
    ts: ref.messageId,
    ...slackMessage(aCard()),
  });
});

test.for([
  'channel_not_found',
  'is_archived',
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
])('%s is gone, though its HTTP status is 200', async (error, { expect }) => {
  const { url } = await platformServer({ [UPDATE]: [{ body: { ok: false, error } }] });
  const sent = await chatOutAt(url).out.update(ref, aCard());
  expect(sent).toEqual({ kind: 'gone', why: `Slack: ${error}` });
});

test.for([
  'invalid_auth',
  'token_revoked',
  'not_in_channel',
  'missing_scope',
  'internal_error',
  'invalid_blocks',
])('%s failed: somebody may mend it', async (error, { expect }) => {
  const { url } = await platformServer({ [POST]: [{ body: { ok: false, error } }] });
  const sent = await chatOutAt(url).out.post(place, aCard(), 'key');
  expect(sent).toEqual({ kind: 'failed', why: `Slack: ${error}`, retryAfterMs: null });
});

const limited = { body: { ok: false, error: 'ratelimited' } };
test.for<[string, Said, number | null]>([
  [
    'HTTP status 429 with a time',
    { status: 429, headers: { 'retry-after': '30' }, ...limited },
    30_000,
  ],
  [
    'HTTP status 429 with no JSON',
    { status: 429, headers: { 'retry-after': '1' }, body: 'slow down' },
    1_000,
  ],
  ['HTTP status 200 with a time', { headers: { 'retry-after': '5' }, ...limited }, 5_000],
  ['no time', { status: 429, ...limited }, null],
  ['a time that is none', { status: 429, headers: { 'retry-after': 'soon' }, ...limited }, null],
])('too fast, told by %s', async ([, said, retryAfterMs], { expect }) => {
  const { url } = await platformServer({ [POST]: [said] });
  const sent = await chatOutAt(url).out.post(place, aCard(), 'key');
  expect(sent).toEqual({ kind: 'failed', why: 'Slack: ratelimited', retryAfterMs });
});

test.for<[string, Said]>([
  ['a page', { body: '<html>' }],
  ['an error of a proxy', { status: 502, body: '<html>' }],
  ['another status', { status: 500, body: { ok: true, ts: '1.2' } }],
  ['no ok', { body: { ts: '1' } }],
  [
    'a redirect, which is not followed',
    { status: 302, headers: { location: '/elsewhere' }, body: '' },
  ],
  ['no ts', { body: { ok: true } }],
])('%s is no success', async ([, said], { expect }) => {
  const { url, asked } = await platformServer({ [POST]: [said] });
  expect(await chatOutAt(url).out.post(place, aCard(), 'key')).toMatchObject({ kind: 'failed' });
  expect(asked.length).toBe(1);
});

test('a command is answered at its response_url, for its author alone', async ({ expect }) => {
  const { url, asked, told } = await platformServer({ [HOOK]: [{ body: 'ok' }] });
  const to = replyToOn('slack', { url: `${url}${HOOK}` });

  expect(await chatOutAt(url).out.reply(to, aCard())).toEqual({ kind: 'sent', value: null });

  expect(told()).toEqual([`POST ${HOOK}`]);
  expect(asked[0]!.headers['authorization']).toBeUndefined();
  expect(jsonOf(asked[0])).toEqual({
    response_type: 'ephemeral',
    replace_original: false,
    ...slackMessage(aCard()),
  });
});

test.for<[string, Said]>([
  ['used up', { status: 404, body: 'used_url' }],
  ['used up, as JSON', { body: { ok: false, error: 'expired_url' } }],
  ['gone', { status: 410, body: '' }],
])('a response_url that is %s gives way to the bot', async ([, said], { expect }) => {
  const { url, asked, told } = await platformServer({ [HOOK]: [said], [EPHEMERAL]: [well] });
  const to = replyToOn('slack', { url: `${url}${HOOK}` });

  expect(await chatOutAt(url).out.reply(to, aCard())).toEqual({ kind: 'sent', value: null });

  expect(told()).toEqual([`POST ${HOOK}`, `POST ${EPHEMERAL}`]);
  expect(jsonOf(asked[1])).toEqual({ channel: 'C0OPS', user: 'U0ALICE', ...slackMessage(aCard()) });
});

test.for<[string, string, number]>([
  ['there is none', '', CHAT_NOW_MS + 1],
  ['its half hour is over', HOOK, CHAT_NOW_MS],
  ['it is no address for answers', '/api/auth.revoke', CHAT_NOW_MS + 1],
])('the bot answers when %s', async ([, path, untilMs], { expect }) => {
  const { url, told } = await platformServer({ [EPHEMERAL]: [well] });
  const to = replyToOn('slack', { url: path && `${url}${path}`, untilMs });
  expect(await chatOutAt(url).out.reply(to, aCard())).toMatchObject({ kind: 'sent' });
  expect(told()).toEqual([`POST ${EPHEMERAL}`]);
});

test('an address of somebody else is not called', async ({ expect }) => {
  const theirs = await platformServer({ [HOOK]: [{ body: 'ok' }] });
  const { url, told } = await platformServer({ [EPHEMERAL]: [well] });
  const to = replyToOn('slack', { url: `${theirs.url}${HOOK}` });
  await chatOutAt(url).out.reply(to, aCard());
  expect([theirs.told(), told()]).toEqual([[], [`POST ${EPHEMERAL}`]]);
});

test('an answer that may have been delivered is not sent another way', async ({ expect }) => {
  const { url, told } = await platformServer({ [HOOK]: [{ status: 500, body: '' }] });
  const to = replyToOn('slack', { url: `${url}${HOOK}` });
  expect(await chatOutAt(url).out.reply(to, aCard())).toEqual({
    kind: 'failed',
    why: 'Slack: HTTP status 500',
    retryAfterMs: null,
  });
  expect(told().length).toBe(1);
});

test('what is told of a failure has no address and no token', async ({ expect }) => {
  const { out, lines } = chatOutAt('http://127.0.0.1:1');
  const to = replyToOn('slack', { url: `http://127.0.0.1:1${HOOK}` });
  const ends = [await out.reply(to, aCard()), await out.post(place, aCard(), 'key')];
  expect(ends).toEqual(
    [1, 2].map(() => ({ kind: 'failed', why: 'Slack: ECONNREFUSED', retryAfterMs: null })),
  );
  expect(JSON.stringify([ends, lines])).not.toMatch(/secret|127\.0\.0\.1/);
});

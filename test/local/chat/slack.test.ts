import { createHmac } from 'node:crypto';
import { describe, test } from 'vitest';
import { WORKSPACE } from '../../../local/chat/workspace.ts';
import { aChat } from './a-chat.ts';

const { channelId } = WORKSPACE.slack;
const button = (more = {}) => ({
  type: 'button',
  text: { type: 'plain_text', text: 'Approve' },
  value: 'v1.token',
  ...more,
});
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const section = (text: string) => ({ type: 'section', text: { type: 'plain_text', text } });

async function slackChat() {
  const chat = await aChat();
  const call = (method: string, body: unknown, token = chat.secrets.slackBotToken) =>
    chat.post(`/api/${method}`, body, 'POST', { authorization: `Bearer ${token}` });
  return { ...chat, call };
}

describe('a slash command', () => {
  test('is posted as a form, signed over its raw bytes', async ({ expect }) => {
    const { say, asked, secrets, url } = await slackChat();

    await say('slack', 'alice', 'attach ops-2026 to i-1 --note "a & b"');

    const { headers, body, url: path, method } = asked[0]!;
    const base = `v0:${headers['x-slack-request-timestamp']}:${body.toString()}`;
    const mac = createHmac('sha256', secrets.slackSigningSecret).update(base).digest('hex');
    expect([method, path]).toEqual(['POST', '/chat/slack']);
    expect(headers['x-slack-signature']).toBe(`v0=${mac}`);
    const form = Object.fromEntries(new URLSearchParams(body.toString()));
    expect(form).toMatchObject({
      command: '/latchkey',
      user_id: 'U0ALICE',
      channel_id: channelId,
      text: 'attach ops-2026 to i-1 --note "a &amp; b"',
    });
    expect(form['response_url']).toContain(`${url}/commands/`);
  });

  test('shows its answer only to the person who typed it', async ({ expect }) => {
    const { say, answer, seen } = await slackChat();
    answer.body = JSON.stringify({
      response_type: 'ephemeral',
      text: 'hello',
      blocks: [section('hello')],
    });

    await say('slack', 'alice', 'help');

    expect(seen('slack', 'alice').map(({ author, body }) => [author, body.kind])).toEqual([
      ['alice', 'text'],
      ['latchkey', 'blocks'],
    ]);
    expect(seen('slack', 'bob')).toEqual([]);
  });

  test.for([
    [500, 'application/json', '{}', 'dispatch_failed'],
    [200, 'application/json', 'not JSON', 'dispatch_failed'],
    [200, 'application/json', '{"blocks":[{"type":"image"}]}', 'invalid_blocks'],
  ] as const)(
    'shows an error for the answer %s %s %s',
    async ([status, type, body, error], { expect }) => {
      const { say, answer, seen } = await slackChat();
      Object.assign(answer, { status, type, body });

      await say('slack', 'alice', 'help');

      const said = { kind: 'text', text: `/latchkey failed with the error "${error}"` };
      expect(seen('slack', 'alice').at(-1)).toMatchObject({ author: 'slack', body: said });
    },
  );
});

describe('a response URL', () => {
  const urlOf = (body: Buffer, base: string) =>
    new URLSearchParams(body.toString()).get('response_url')!.replace(base, '');

  test('accepts five answers', async ({ expect }) => {
    const { say, asked, post, url, seen } = await slackChat();
    await say('slack', 'alice', 'help');
    const path = urlOf(asked[0]!.body, url);

    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await post(path, { text: `${i}` })).status);

    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(seen('slack', 'alice')).toHaveLength(6);
  });

  test('replaces the current version of a message, and does not restore a deleted one', async ({
    expect,
  }) => {
    const { call, press, asked, post, url, seen } = await slackChat();
    const blocks = [actions(button())];
    const posted = await call('chat.postMessage', { channel: channelId, text: 'x', blocks });
    const { ts } = posted.json as { ts: string };
    await press('slack', 'bob', ts);
    const payload = new URLSearchParams(asked[0]!.body.toString()).get('payload')!;
    const path = (JSON.parse(payload) as { response_url: string }).response_url.replace(url, '');
    await call('chat.update', { channel: channelId, ts, text: 'y', blocks });

    await post(path, { replace_original: true, text: 'z' });
    expect(seen('slack', 'alice')).toMatchObject([{ edits: 2, body: { text: 'z' } }]);
    await post(path, { delete_original: true });
    await post(path, { replace_original: true, text: 'z' });
    expect(seen('slack', 'alice')).toEqual([]);
  });

  test('accepts no answer after 30 minutes', async ({ expect }) => {
    const { say, asked, post, url, clock } = await slackChat();
    await say('slack', 'alice', 'help');
    clock.nowMs += 30 * 60_000 + 1;

    const { status } = await post(urlOf(asked[0]!.body, url), { text: 'late' });

    expect(status).toBe(404);
  });
});

describe('the Web API', () => {
  test('posts a message that can be edited and pressed', async ({ expect }) => {
    const { call, seen, press, asked } = await slackChat();
    const blocks = [section('a plan'), actions(button(), button({ value: 'v1.other' }))];

    const posted = await call('chat.postMessage', { channel: channelId, text: 'a plan', blocks });
    const { ts } = posted.json as { ts: string };
    const edited = await call('chat.update', { channel: channelId, ts, text: 'done', blocks });
    await press('slack', 'bob', ts, 1);

    expect(posted.json).toMatchObject({ ok: true, channel: channelId });
    expect(edited.json).toMatchObject({ ok: true, ts });
    expect(seen('slack', 'mallory')).toMatchObject([{ id: ts, edits: 1, body: { text: 'done' } }]);
    const form = new URLSearchParams(asked[0]!.body.toString());
    expect(JSON.parse(form.get('payload')!)).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0BOB' },
      channel: { id: channelId },
      container: { message_ts: ts },
      actions: [{ type: 'button', value: 'v1.other' }],
    });
  });

  test.for([
    ['another token', 'chat.postMessage', {}, 'xoxb-other', 'invalid_auth'],
    [
      'another channel',
      'chat.postMessage',
      { channel: 'C1', text: 'x' },
      undefined,
      'channel_not_found',
    ],
    ['no text', 'chat.postMessage', { channel: channelId }, undefined, 'no_text'],
    [
      'an unknown field',
      'chat.postMessage',
      { channel: channelId, text: 'x', colour: 'red' },
      undefined,
      'invalid_arguments',
    ],
    ['an unknown method', 'chat.delete', {}, undefined, 'unknown_method'],
    ['a body that is not JSON', 'chat.postMessage', 'channel=C', undefined, 'invalid_json'],
    [
      'no such message',
      'chat.update',
      { channel: channelId, ts: '1.2', text: 'x' },
      undefined,
      'message_not_found',
    ],
    [
      'no such user',
      'chat.postEphemeral',
      { channel: channelId, user: 'U9', text: 'x' },
      undefined,
      'user_not_in_channel',
    ],
  ] as const)('refuses %s', async ([, method, body, token, error], { expect }) => {
    const { call, seen } = await slackChat();

    const { status, json } = await call(method, body, token);

    expect({ status, json }).toMatchObject({ status: 200, json: { ok: false, error } });
    expect(seen('slack', 'alice')).toEqual([]);
  });

  test.for([
    ['a block of an unknown type', { type: 'video' }, 'unsupported type: video'],
    ['text that is too long', section('x'.repeat(3_001)), 'must be less than 3001 characters'],
    [
      'emoji in mrkdwn',
      { type: 'section', text: { type: 'mrkdwn', text: 'x', emoji: true } },
      'invalid additional property: emoji',
    ],
    ['a section without text', { type: 'section' }, 'missing required field: text'],
    [
      'a button value that is too long',
      actions(button({ value: 'x'.repeat(2_001) })),
      'must be less than 2001',
    ],
    ['an unknown style', actions(button({ style: 'plain' })), 'value is not allowed'],
    ['no buttons', actions(), 'no fewer than 1 items allowed'],
  ] as const)('refuses %s', async ([, block, detail], { expect }) => {
    const { call } = await slackChat();

    const { json } = await call('chat.postMessage', {
      channel: channelId,
      text: 'x',
      blocks: [block],
    });

    expect(json).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect((json as { errors: string[] }).errors[0]).toContain(detail);
  });

  test('refuses more than 50 updates a minute, and says how long to wait', async ({ expect }) => {
    const { call, clock } = await slackChat();
    const { json } = await call('chat.postMessage', { channel: channelId, text: 'x' });
    const update = () =>
      call('chat.update', { channel: channelId, ts: (json as { ts: string }).ts, text: 'y' });
    for (let i = 0; i < 50; i++) await update();

    const refused = await update();
    clock.nowMs += 60_000;
    const taken = await update();

    expect(refused).toMatchObject({ status: 429, json: { ok: false, error: 'ratelimited' } });
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(taken.json).toMatchObject({ ok: true });
  });

  test('notifies members mentioned in mrkdwn, but not in plain text', async ({ expect }) => {
    const { call, seen } = await slackChat();
    const context = {
      type: 'context',
      elements: [{ type: 'mrkdwn', text: '<@U0BOB> <!channel>' }],
    };
    const blocks = [section('<@U0CAROL>'), context];

    await call('chat.postMessage', { channel: channelId, text: 'x', blocks });

    expect(seen('slack', 'alice')[0]!.mentions).toEqual(['bob', '!channel']);
  });
});

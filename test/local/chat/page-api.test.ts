import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { describe, test } from 'vitest';
import { WORKSPACE } from '../../../local/chat/workspace.ts';
import { aChat } from './a-chat.ts';

describe('the page', () => {
  test('loads only its own files', async ({ expect }) => {
    const { url } = await aChat();

    const page = await fetch(`${url}/chat`);
    const html = await page.text();
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    const replies = await Promise.all(files.map((path) => fetch(`${url}${path}`)));

    expect(page.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'",
    );
    expect(html).not.toMatch(/\son[a-z]+=|<style|style=|javascript:/);
    expect(replies.map(({ status }) => status)).toEqual(files.map(() => 200));
  });

  test.for(['main', 'message', 'markup', 'slack', 'feishu', 'dingtalk', 'confirm', 'dom'])(
    '%s.js never turns text into HTML',
    (name, { expect }) => {
      const text = readFileSync(`local/chat/page/${name}.js`, 'utf8');
      expect(text).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(/,
      );
    },
  );

  test.for([
    '/chat/page/../index.ts',
    '/chat/page/%2e%2e/index.ts',
    '/chat/page/index.html',
    '/other',
  ])('answers %s with 404', async (path, { expect }) => {
    const { url } = await aChat();
    // `fetch` would normalize the path.
    const status = await new Promise((resolve, reject) => {
      const { hostname, port } = new URL(url);
      request({ hostname, port, path }, (reply) => {
        reply.resume();
        resolve(reply.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(404);
  });
});

test('a request for another host name is refused', async ({ expect }) => {
  const { url } = await aChat();

  const status = await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const headers = { host: `evil.example:${port}` };
    request({ hostname, port, path: '/chat/messages', headers }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    })
      .on('error', reject)
      .end();
  });

  expect(status).toBe(421);
});

test.for([
  ['another content type', '{"platform":"slack","person":"alice","text":"x"}', 'text/plain', 415],
  ['a body that is not JSON', 'x', 'application/json', 400],
  ['an unknown person', '{"platform":"slack","person":"eve","text":"x"}', 'application/json', 422],
  [
    'an unknown platform',
    '{"platform":"irc","person":"alice","text":"x"}',
    'application/json',
    422,
  ],
  [
    'a platform named like a property of every object',
    '{"platform":"toString","person":"alice","text":"x"}',
    'application/json',
    422,
  ],
] as const)('a line is not sent for %s', async ([, body, type, status], { expect }) => {
  const { post, asked } = await aChat();

  const reply = await post('/chat/say', body, 'POST', { 'content-type': type });

  expect(reply.status).toBe(status);
  expect(asked).toEqual([]);
});

test('a button that does not exist cannot be pressed', async ({ expect }) => {
  const { press, post, secrets, asked, seen } = await aChat();
  const body = { channel: WORKSPACE.slack.channelId, text: 'hello' };
  await post('/api/chat.postMessage', body, 'POST', {
    authorization: `Bearer ${secrets.slackBotToken}`,
  });
  const [message] = seen('slack', 'alice');

  expect((await press('slack', 'alice', message!.id)).status).toBe(404);
  expect((await press('slack', 'alice', '1.0')).status).toBe(404);
  expect(asked).toEqual([]);
});

test('a press is of the version that the person saw', async ({ expect }) => {
  const { post, secrets, asked, seen } = await aChat();
  const headers = { authorization: `Bearer ${secrets.slackBotToken}` };
  const withButton = (value: string) => {
    const text = { type: 'plain_text', text: value };
    const blocks = [{ type: 'actions', elements: [{ type: 'button', text, value }] }];
    return { channel: WORKSPACE.slack.channelId, text: 'x', blocks };
  };
  await post('/api/chat.postMessage', withButton('first'), 'POST', headers);
  const { id } = seen('slack', 'alice')[0]!;
  await post('/api/chat.update', { ...withButton('second'), ts: id }, 'POST', headers);
  const press = (edits?: number) => {
    const body = { platform: 'slack', person: 'alice', messageId: id, edits, button: 0 };
    return post('/chat/press', body, 'POST', { 'content-type': 'application/json' });
  };

  const statuses = [];
  for (const edits of [0, 1, undefined, 2]) statuses.push((await press(edits)).status);

  expect(statuses).toEqual([200, 200, 200, 404]);
  expect(
    asked.map(({ body }) => /"value":"(\w+)","type"/.exec(decodeURIComponent(String(body)))?.[1]),
  ).toEqual(['first', 'second', 'second']);
});

test('the event stream sends all messages first, then each change', async ({ expect }) => {
  const { url, say } = await aChat();
  await say('feishu', 'alice', 'before');
  const abort = new AbortController();
  const { body } = await fetch(`${url}/chat/events`, { signal: abort.signal });
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const readUntil = async (part: string) => {
    while (!text.includes(part)) text += (await reader.read()).value ?? '';
  };

  await readUntil('@Latchkey before');
  await say('feishu', 'alice', 'after');
  await readUntil('@Latchkey after');

  expect(text).toMatch(/^event: snapshot\ndata: .*\n\nevent: change\ndata: .*\n\n$/);
  abort.abort();
});

import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { describe, test } from 'vitest';
import { WORKSPACE } from '../../../local/chat/workspace.ts';
import { aChat } from './a-chat.ts';

describe('the page', () => {
  test('runs nothing but its own files', async ({ expect }) => {
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
    '%s.js makes no markup of text',
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
  ])('has nothing at %s', async (path, { expect }) => {
    const { url } = await aChat();
    // `fetch` would make the path straight.
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

test('a name that was made to point here is not answered', async ({ expect }) => {
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
  ['text of another type', '{"platform":"slack","person":"alice","text":"x"}', 'text/plain', 415],
  ['no JSON', 'x', 'application/json', 400],
  [
    'a person who is nobody',
    '{"platform":"slack","person":"eve","text":"x"}',
    'application/json',
    422,
  ],
  ['another platform', '{"platform":"irc","person":"alice","text":"x"}', 'application/json', 422],
  [
    'a platform of the language',
    '{"platform":"toString","person":"alice","text":"x"}',
    'application/json',
    422,
  ],
] as const)('nothing is said for %s', async ([, body, type, status], { expect }) => {
  const { post, asked } = await aChat();

  const reply = await post('/chat/say', body, 'POST', { 'content-type': type });

  expect(reply.status).toBe(status);
  expect(asked).toEqual([]);
});

test('a button that is not there is not pressed', async ({ expect }) => {
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

test('whoever watches is told of everything, then of each change', async ({ expect }) => {
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

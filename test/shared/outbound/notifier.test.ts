import type { ServerResponse } from 'node:http';
import { test } from 'vitest';
import type { NoticeMessage } from '../../../shared/domain/model/notice-message.ts';
import { verifyWebhook } from '../../../shared/contract/webhook-signature.ts';
import type { After } from '../../../shared/outbound/http.ts';
import { httpNotifier } from '../../../shared/outbound/notifier.ts';
import { keptSockets } from '../../../shared/outbound/sockets.ts';
import { askedServer } from '../../support/asked-server.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const [secret, next] = ['n', 'm'].map((letter) => ({ key: Buffer.from(letter.repeat(32)) }));
const NOTICE: NoticeMessage = {
  id: 'ro-aaaaaaaaaaaaaaaaaaaaaaaaaa-approval-needed-1790000000000-pager',
  rolloutId: 'ro-aaaaaaaaaaaaaaaaaaaaaaaaaa',
  channel: 'pager',
  kind: 'approval-needed',
  atMs: 1_790_000_000_000,
  attempt: 3,
  data: { status: 'waiting', url: 'http://169.254.169.254/' },
};

function aNotifier(url: string, after?: After) {
  return httpNotifier({
    channels: [{ id: 'pager', url, secrets: [secret!, next!] }],
    sockets: keptSockets(),
    ...(after === undefined ? {} : { after }),
  });
}

const says =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, headers).end('whatever');

test('a notice is a signed webhook with a stable id and a fresh time, signed with every secret', async ({
  expect,
}) => {
  const { url, asked } = await askedServer(says(204));
  const notifier = aNotifier(`${url}/hooks/latchkey?team=web`);

  expect(await notifier.deliver(NOTICE, NOW_MS)).toEqual({ kind: 'delivered' });
  expect(await notifier.deliver({ ...NOTICE, attempt: 4 }, NOW_MS + 60_000)).toEqual({
    kind: 'delivered',
  });

  expect(asked[0]).toMatchObject({ method: 'POST', url: '/hooks/latchkey?team=web' });
  expect(asked[0]!.headers['content-type']).toBe('application/json');
  expect(JSON.parse(asked[0]!.body.toString())).toEqual({
    type: 'rollout.approval_needed',
    timestamp: '2026-09-21T14:13:20.000Z',
    data: NOTICE.data,
  });
  for (const [index, { headers, body }] of asked.entries()) {
    for (const key of [secret!, next!]) {
      const nowMs = NOW_MS + index * 60_000;
      expect(verifyWebhook({ headers, body, secrets: [key], nowMs }).id).toBe(NOTICE.id);
    }
  }
  const times = asked.map(({ headers }) => Number(headers['webhook-timestamp']));
  expect(times[1]! - times[0]!).toBe(60);
});

test.for([200, 201, 202, 204, 299])('HTTP status %i is delivered', async (status, { expect }) => {
  const { url } = await askedServer(says(status));

  expect(await aNotifier(url).deliver(NOTICE, NOW_MS)).toEqual({ kind: 'delivered' });
});

test('HTTP status 410 means that the receiver is gone', async ({ expect }) => {
  const { url } = await askedServer(says(410));

  expect(await aNotifier(url).deliver(NOTICE, NOW_MS)).toMatchObject({ kind: 'gone' });
});

test.for([
  [301, {}, null],
  [400, {}, null],
  [404, {}, null],
  [429, { 'retry-after': '120' }, 120_000],
  [503, { 'retry-after': new Date(NOW_MS + 5_000).toUTCString() }, 5_000],
  [503, { 'retry-after': new Date(NOW_MS - 5_000).toUTCString() }, 0],
  [503, { 'retry-after': 'soon' }, null],
  [500, {}, null],
] as const)('HTTP status %i with %o has failed', async ([status, headers, ms], { expect }) => {
  const { url } = await askedServer(says(status, { ...headers }));

  expect(await aNotifier(url).deliver(NOTICE, NOW_MS)).toEqual({
    kind: 'failed',
    why: `HTTP status ${status}`,
    retryAfterMs: ms,
  });
});

test('a redirect is not followed, and no address in a notice is ever used', async ({ expect }) => {
  const other = await askedServer(says(204));
  const { url, asked } = await askedServer(says(307, { location: other.url }));
  const notice = { ...NOTICE, data: { url: other.url }, url: other.url };

  expect(await aNotifier(url).deliver(notice, NOW_MS)).toMatchObject({ kind: 'failed' });

  expect(asked).toHaveLength(1);
  expect(other.asked).toEqual([]);
});

test('a channel that the policy no longer has gets nothing', async ({ expect }) => {
  const { url, asked } = await askedServer(says(204));

  expect(await aNotifier(url).deliver({ ...NOTICE, channel: 'log' }, NOW_MS)).toEqual({
    kind: 'gone',
    why: 'the policy has no such channel',
  });
  expect(asked).toEqual([]);
});

test('an answer of more than 64 KB has failed, and is not read to its end', async ({ expect }) => {
  const { url } = await askedServer(
    (response) => void response.writeHead(200).end('x'.repeat(65_537)),
  );

  expect(await aNotifier(url).deliver(NOTICE, NOW_MS)).toMatchObject({
    kind: 'failed',
    why: 'the answer is larger than 65536 bytes',
  });
});

test('silence for 10 s, a broken connection and a refused connection have failed', async ({
  expect,
}) => {
  let over = () => {};
  const silent = await askedServer(() => over());
  const waited: number[] = [];
  const after: After = (delayMs, run) => {
    waited.push(delayMs);
    over = run;
    return () => {};
  };
  expect(await aNotifier(silent.url, after).deliver(NOTICE, NOW_MS)).toMatchObject({
    kind: 'failed',
    retryAfterMs: null,
  });
  expect(waited).toEqual([10_000]);

  const broken = await askedServer((_, request) => request.socket.resetAndDestroy());
  expect(await aNotifier(broken.url).deliver(NOTICE, NOW_MS)).toMatchObject({ kind: 'failed' });
  broken.close();
  // The address may be a secret, so no reason contains it, and so no log does.
  expect(await aNotifier(`${broken.url}/hook/T0/B0`).deliver(NOTICE, NOW_MS)).toMatchObject({
    kind: 'failed',
    why: 'ECONNREFUSED',
  });
});

test.for(['http://hooks.example.com/', 'hooks', 'ftp://127.0.0.1/'])(
  'a channel at %s is a bug',
  (url, { expect }) => {
    expect(() => aNotifier(url)).toThrow(TypeError);
  },
);

test('a channel without a secret is a bug', ({ expect }) => {
  const channels = [{ id: 'pager', url: 'https://hooks.example.com/', secrets: [] }];
  const make = () => httpNotifier({ channels, sockets: keptSockets() });

  expect(make).toThrow('Cannot use channel "pager": no secret');
});

import { test } from 'vitest';
import type { ChatOut } from '../../../shared/domain/model/chat-ports.ts';
import type { Platform } from '../../../shared/domain/model/chat.ts';
import type { After } from '../../../shared/outbound/http.ts';
import { aCard } from '../../support/cards.ts';
import { chatOutAt, placeOn, replyToOn } from '../../support/chat-outs.ts';
import { askedServer } from '../../support/asked-server.ts';
import { platformServer } from '../../support/platform-server.ts';

const PLATFORMS: readonly Platform[] = ['slack', 'dingtalk', 'feishu'];

/** All that can be asked of a platform. */
function everything(out: ChatOut, platform: Platform, tenant?: string) {
  const place = placeOn(platform, tenant === undefined ? {} : { tenant });
  return Promise.all([
    out.post(place, aCard(), 'key'),
    out.update({ place, messageId: 'm1' }, aCard()),
    out.reply({ ...replyToOn(platform), place }, aCard()),
  ]);
}

test.for(PLATFORMS)('%s that is not set up is gone', async (platform, { expect }) => {
  const { out } = chatOutAt('http://127.0.0.1:1', { apps: {} });
  for (const sent of await everything(out, platform)) {
    expect(sent).toEqual({ kind: 'gone', why: `${platform} is not set up` });
  }
});

test.for(PLATFORMS)('%s: what is of another tenant is not sent', async (platform, { expect }) => {
  const { url, told } = await platformServer({});
  const sent = await everything(chatOutAt(url).out, platform, 'another');
  expect(sent.map(({ kind }) => kind)).toEqual(['gone', 'gone', 'gone']);
  expect(told()).toEqual([]);
});

test.for(PLATFORMS)('%s that cannot be reached failed', async (platform, { expect }) => {
  for (const sent of await everything(chatOutAt('http://127.0.0.1:1').out, platform)) {
    expect(sent).toMatchObject({ kind: 'failed', why: expect.stringContaining('ECONNREFUSED') });
  }
});

test.for(PLATFORMS)(
  '%s that is silent is given up after five seconds',
  async (platform, { expect }) => {
    const { url } = await askedServer(() => {});
    const delays: number[] = [];
    const after: After = (delayMs, run) => {
      delays.push(delayMs);
      const timer = setImmediate(run);
      return () => clearImmediate(timer);
    };
    for (const sent of await everything(chatOutAt(url, { after }).out, platform)) {
      expect(sent).toMatchObject({
        kind: 'failed',
        why: expect.stringContaining('no answer within 5000 ms'),
      });
    }
    expect(new Set(delays)).toEqual(new Set([5_000]));
  },
);

test.for(PLATFORMS)(
  '%s: an answer that is too large is not read to its end',
  async (platform, { expect }) => {
    const { url } = await askedServer((response) => response.end('x'.repeat(65_537)));
    for (const sent of await everything(chatOutAt(url).out, platform)) {
      expect(sent).toMatchObject({
        kind: 'failed',
        why: expect.stringContaining('larger than 65536 bytes'),
      });
    }
  },
);

test.for([
  'http://slack.com',
  'https://slack.com',
  'https://evil.example',
  'http://127.evil.example',
  'http://127.0.0.1/path',
  'http://u@127.0.0.1',
  '127.0.0.1:9010',
])(
  'an endpoint %s is refused: only a loopback host takes the place of the platform',
  (endpoint, { expect }) => {
    expect(() => chatOutAt(endpoint)).toThrow(/^Cannot use endpoint/);
  },
);

test.for(['', 'a b', 'a\r\nx: y', 'schlüssel'])(
  'a secret %j is refused before it is used',
  (bad, { expect }) => {
    const apps = { slack: { teamId: 'T0001', botToken: bad } };
    expect(() => chatOutAt('http://127.0.0.1:1', { apps })).toThrow(
      'Cannot use slack: botToken is no secret of its form',
    );
  },
);

test('each delivery is noted, and nothing of what it says or where it goes', async ({ expect }) => {
  const { url } = await platformServer({
    '/api/chat.postMessage': [{ body: { ok: true, ts: '1.2' } }],
  });
  const { out, lines } = chatOutAt(url);
  await out.post(placeOn('slack'), aCard(), 'key');
  expect(lines).toEqual([
    '["debug","chat-sent",{"platform":"slack","what":"post","kind":"sent","tookMs":0}]',
  ]);
});

test.for<[Platform, string]>([
  ['slack', '/commands/T0001/1/s'],
  ['dingtalk', '/robot/sendBySession'],
])(
  '%s: what took long is not tried another way, so that ten seconds are enough',
  async ([platform, path], { expect }) => {
    const slow = { status: 404, body: 'used_url', meanwhile: () => void (clock.nowMs += 5_001) };
    const { url, told } = await platformServer({ [path]: [slow] });
    const { out, clock } = chatOutAt(url);
    const sent = await out.reply(replyToOn(platform, { url: `${url}${path}` }), aCard());
    expect(sent).toMatchObject({ kind: 'failed', why: expect.stringContaining('no time') });
    expect(told()).toEqual([`POST ${path}`]);
  },
);

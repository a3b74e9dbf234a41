import { test } from 'vitest';
import { serve } from '../../../local/cloud/kernel/serve.ts';
import { aBus, anEvent, aRule, type Bus, START_MS } from './a-bus.ts';

type Put = (
  body: unknown,
  method?: string,
  path?: string,
) => Promise<{ status: number; json: unknown }>;

async function aDoor(use: (bus: Bus, put: Put) => Promise<void>): Promise<void> {
  const bus = aBus();
  const listening = await serve(bus.kernel, bus.bridge.service, 0);
  const put: Put = async (body, method = 'POST', path = '/events') => {
    const answer = await fetch(`http://127.0.0.1:${listening.port}${path}`, {
      method,
      ...(method === 'POST' && {
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    });
    return { status: answer.status, json: await answer.json() };
  };
  try {
    await use(bus, put);
  } finally {
    await listening.close();
  }
}

test('one event or several are taken and published, with the fields of the bus', async ({
  expect,
}) => {
  await aDoor(async (bus, put) => {
    bus.bridge.addRule(aRule());
    expect(await put(anEvent({ id: 'one' }))).toEqual({
      status: 200,
      json: { RequestId: expect.any(String), Accepted: ['one'] },
    });
    const several = await put([
      anEvent({ id: 'two', time: '2026-11-23T12:00:00+08:00' }),
      anEvent({ id: 'three', aliyunpublishtime: '2020-11-19T21:04:42.179PRC' }),
    ]);
    expect(several.json).toMatchObject({ Accepted: ['two', 'three'] });
    await bus.runUntilIdle();
    const now = new Date(START_MS).toISOString();
    const stamp = {
      aliyunaccountid: '1000000000000000',
      aliyunoriginalaccountid: '1000000000000000',
      aliyuneventbusname: 'default',
      aliyunregionid: 'cn-hangzhou',
      aliyunpublishaddr: '127.0.0.1',
    };
    expect(bus.invocations.map(({ payload }) => payload)).toEqual([
      { ...anEvent({ id: 'one' }), ...stamp, time: now, aliyunpublishtime: now },
      {
        ...anEvent({ id: 'two' }),
        ...stamp,
        time: '2026-11-23T12:00:00+08:00',
        aliyunpublishtime: now,
      },
      {
        ...anEvent({ id: 'three' }),
        ...stamp,
        time: now,
        aliyunpublishtime: '2020-11-19T21:04:42.179PRC',
      },
    ]);
    expect(bus.kernel.calls.of('eventbridge', 'PutEvents')).toBe(2);
  });
});

const { id: _id, ...noId } = anEvent();
const REFUSED: readonly (readonly [string, unknown, string])[] = [
  ['not JSON', '{', 'the body is not JSON'],
  ['no event', [], '0 given, 1 to 16'],
  ['17 events', Array.from({ length: 17 }, () => anEvent()), '17 given, 1 to 16'],
  ['a string', '"a"', 'event 0: not an object'],
  ['no id', noId, 'event 0: "id" is missing'],
  ['an empty source', anEvent({ source: '' }), 'event 0: "source" must be a string'],
  ['a number as type', { ...anEvent(), type: 1 }, 'event 0: "type" must be a string'],
  ['an id of 129 characters', anEvent({ id: 'x'.repeat(129) }), '"id" is longer than 128'],
  ['a type of 65 characters', anEvent({ type: 'x'.repeat(65) }), '"type" is longer than 64'],
  ['a subject of 513', anEvent({ subject: 'x'.repeat(513) }), '"subject" is longer than 512'],
  ['another version', { ...anEvent(), specversion: '0.3' }, '"specversion" must be "1.0"'],
  ['a time of another form', anEvent({ time: 'now' }), '"time" must be an RFC 3339 time'],
  ['a content type', anEvent({ datacontenttype: 'text/xml' }), '"datacontenttype" must be'],
  ['a schema that is no URI', anEvent({ dataschema: 'a b' }), '"dataschema" must be a URI'],
  ['a name with a capital', anEvent({ myField: 'a' }), '"myField" must be lower-case'],
  ['an extension object', anEvent({ extra: {} }), '"extra" must be a string, a number'],
  ['an event over 256 KB', anEvent({ data: 'x'.repeat(262_144) }), 'event 0: larger than 262144'],
  [
    'over 1 MB together',
    Array.from({ length: 5 }, () => anEvent({ data: 'x'.repeat(250_000) })),
    'larger than 1048576 bytes together',
  ],
  ['a good one and a bad one', [anEvent(), noId], 'event 1: "id" is missing'],
];

for (const [what, body, message] of REFUSED) {
  test(`${what} is refused, and nothing is published`, async ({ expect }) => {
    await aDoor(async (bus, put) => {
      bus.bridge.addRule(aRule());
      const { status, json } = await put(body);
      expect(status).toBe(400);
      expect(json).toMatchObject({
        Code: 'InvalidArgument',
        Message: expect.stringContaining(message),
      });
      expect(bus.bridge.idle()).toBe(true);
    });
  });
}

test('another path is 404, another method 405', async ({ expect }) => {
  await aDoor(async (_bus, put) => {
    expect((await put(anEvent(), 'POST', '/event')).status).toBe(404);
    expect((await put(undefined, 'GET')).status).toBe(405);
  });
});

test('faults of the door are answered in its own words', async ({ expect }) => {
  await aDoor(async (bus, put) => {
    bus.kernel.faults.replace([{ service: 'eventbridge', action: 'PutEvents', kind: 'throttle' }]);
    expect(await put(anEvent())).toMatchObject({ status: 429, json: { Code: 'Throttling' } });
  });
});

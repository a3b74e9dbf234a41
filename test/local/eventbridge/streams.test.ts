import { test } from 'vitest';
import { aBus, aStream, type Bus, START_MS } from './a-bus.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const HOUR_MS = 3_600_000;

interface Element {
  readonly id: string;
  readonly data: { readonly messageBody: string };
}
const bodiesOf = (payload: unknown) => (payload as Element[]).map(({ data }) => data.messageBody);
const batches = (bus: Bus) => bus.invocations.map(({ payload }) => bodiesOf(payload));

function aStreamingBus(change: Parameters<typeof aStream>[0] = {}, settings = {}): Bus {
  const bus = aBus({ eventbridge: { deliveryDelayMs: 0, ...settings } });
  bus.smq.createQueue('q');
  bus.bridge.addStream(aStream(change));
  return bus;
}

test('a message arrives as the captured event shows, in an array', async ({ expect }) => {
  const bus = aStreamingBus({ batch: { count: 1, windowMs: 0 } });
  const { messageId } = bus.smq.send('q', base64('{"a":"é"}'));
  await bus.runUntilIdle();
  expect(bus.invocations).toMatchObject([{ functionName: 'restart', type: 'Sync' }]);
  expect(bus.invocations[0]?.payload).toEqual([
    {
      id: messageId,
      source: 'MNS-restart-results',
      specversion: '1.0',
      type: 'mns:Queue:SendMessage',
      datacontenttype: 'application/json;charset=utf-8',
      subject: 'acs:mns:cn-hangzhou:1000000000000000:queues/q',
      time: new Date(START_MS).toISOString(),
      aliyunaccountid: '1000000000000000',
      aliyunpublishtime: new Date(START_MS).toISOString(),
      aliyunoriginalaccountid: '1000000000000000',
      aliyuneventbusname: 'MNS-restart-results',
      aliyunregionid: 'cn-hangzhou',
      aliyunpublishaddr: '127.0.0.1',
      data: {
        requestId: expect.stringMatching(/^[0-9A-F]{24}$/),
        messageId,
        messageBody: '{"a":"é"}',
      },
    },
  ]);
  expect(bus.smq.state()).toMatchObject({ q: { messages: [] } });
});

test('the elements can be strings, and the envelope can be left out', async ({ expect }) => {
  const strings = aStreamingBus({ shape: 'strings' });
  strings.smq.send('q', base64('a'));
  await strings.runUntilIdle();
  const [element] = strings.invocations[0]!.payload as string[];
  expect(JSON.parse(element!)).toMatchObject({ data: { messageBody: 'a' } });

  const raw = aStreamingBus({ eventSchema: 'RawData' });
  const { messageId } = raw.smq.send('q', base64('a'));
  await raw.runUntilIdle();
  expect(raw.invocations[0]?.payload).toMatchObject([{ messageId, messageBody: 'a' }]);
});

test('in event-driven mode each message is one object of its own', async ({ expect }) => {
  const bus = aStreamingBus({ mode: 'event-driven' });
  for (const body of ['a', 'b']) bus.smq.send('q', base64(body));
  await bus.runUntilIdle();
  expect(bus.invocations.map(({ payload }) => (payload as Element).data.messageBody)).toEqual([
    'a',
    'b',
  ]);
});

test('in event-driven mode a failing message does not keep the others', async ({ expect }) => {
  const bus = aStreamingBus({ mode: 'event-driven', retry: 'EXPONENTIAL_DECAY_RETRY' });
  bus.answer = (number) => (number === 0 ? { status: 500 } : {});
  for (const body of ['a', 'b']) bus.smq.send('q', base64(body));
  await bus.pass(500);
  expect(bus.bridge.state()).toMatchObject({ streams: [{ delivered: 1, underWay: 1 }] });
  await bus.runUntilIdle();
  expect(bus.bridge.state()).toMatchObject({ streams: [{ delivered: 2 }] });
});

test('bodies are decoded only where they are base64 and decoding is on', async ({ expect }) => {
  const decoding = aStreamingBus();
  decoding.smq.send('q', 'not base64!');
  await decoding.runUntilIdle();
  expect(batches(decoding)).toEqual([['not base64!']]);
  const plain = aStreamingBus({ base64Decode: false });
  plain.smq.send('q', base64('a'));
  await plain.runUntilIdle();
  expect(batches(plain)).toEqual([[base64('a')]]);
});

test('a batch closes at its count, or when its window is over', async ({ expect }) => {
  const bus = aStreamingBus({ batch: { count: 3, windowMs: 1_000 } });
  for (const body of ['a', 'b']) bus.smq.send('q', base64(body));
  await bus.pass(600);
  bus.smq.send('q', base64('c'));
  bus.smq.send('q', base64('d'));
  await bus.pass(0);
  expect(batches(bus)).toEqual([['a', 'b', 'c']]);
  await bus.pass(999);
  expect(bus.invocations).toHaveLength(1);
  await bus.pass(1);
  expect(batches(bus)[1]).toEqual(['d']);
  expect(bus.invocations.map(({ atMs }) => atMs)).toEqual([600, 1_600]);
});

test('an asynchronous batch closes at 128 KB', async ({ expect }) => {
  const bus = aStreamingBus({
    asyncInvocation: true,
    base64Decode: false,
    batch: { count: 100, windowMs: 1_000 },
  });
  for (let n = 0; n < 100; n++) bus.smq.send('q', 'x'.repeat(2_048));
  await bus.runUntilIdle();
  expect(bus.invocations.every(({ type }) => type === 'Async')).toBe(true);
  const sizes = bus.invocations.map(({ text }) => Buffer.byteLength(text));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(128 * 1024);
  expect(sizes[0]).toBeGreaterThan(125 * 1024);
  expect(batches(bus).flat()).toHaveLength(100);
});

test('one batch is under way at a time, and more when that is allowed', async ({ expect }) => {
  const settle: (() => void)[] = [];
  const held = () => new Promise<object>((resolve) => settle.push(() => resolve({})));
  for (const [concurrency, expected] of [
    [undefined, 1],
    [2, 2],
  ] as const) {
    const bus = aStreamingBus({
      batch: { count: 1, windowMs: 0 },
      ...(concurrency && { concurrency }),
    });
    bus.answer = held;
    for (const body of ['a', 'b', 'c']) bus.smq.send('q', base64(body));
    await bus.pass(1_000);
    expect(bus.invocations).toHaveLength(expected);
    bus.answer = () => ({});
    for (const resolve of settle.splice(0)) resolve();
    await bus.runUntilIdle();
    expect(batches(bus).flat()).toEqual(['a', 'b', 'c']);
  }
});

test('a failed batch comes again whole and unchanged, and then is gone', async ({ expect }) => {
  const bus = aStreamingBus();
  bus.answer = (number) => (number < 2 ? { errorType: 'UnhandledInvocationError' } : {});
  for (const body of ['a', 'b']) bus.smq.send('q', base64(body));
  await bus.runUntilIdle();
  expect(batches(bus)).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ]);
  expect(new Set(bus.invocations.map(({ text }) => text)).size).toBe(1);
  expect(bus.smq.state()).toMatchObject({ q: { messages: [] } });
  expect(bus.bridge.state()).toMatchObject({ streams: [{ delivered: 2, failedAttempts: 2 }] });
});

test('ALL: after the last retry each event goes to the dead-letter queue', async ({ expect }) => {
  const bus = aStreamingBus({ deadLetterQueue: 'dead' });
  bus.smq.createQueue('dead');
  bus.answer = (number) => (number < 4 ? { status: 500 } : {});
  for (const body of ['a', 'b']) bus.smq.send('q', base64(body));
  await bus.runUntilIdle();
  const dead = bus.smq.receive('dead', 16).map(({ body }) => JSON.parse(body) as unknown);
  expect(dead).toEqual(bus.invocations[0]?.payload);
  expect(bus.smq.state()).toMatchObject({ q: { messages: [] } });
  bus.smq.send('q', base64('c'));
  await bus.runUntilIdle();
  expect(bus.bridge.state()).toMatchObject({
    streams: [{ status: 'Running', deadLettered: 2, discarded: 0, delivered: 1 }],
  });
});

test('ALL without a dead-letter queue: the events are discarded', async ({ expect }) => {
  const bus = aStreamingBus();
  bus.answer = () => ({ status: 500 });
  bus.smq.send('q', base64('a'));
  await bus.runUntilIdle();
  expect(bus.smq.state()).toMatchObject({ q: { messages: [] } });
  expect(bus.bridge.state()).toMatchObject({ streams: [{ discarded: 1, failedAttempts: 4 }] });
});

test('NONE: the stream stops, and what it could not deliver stays in the queue', async ({
  expect,
}) => {
  const bus = aStreamingBus({
    errorsTolerance: 'NONE',
    deadLetterQueue: 'dead',
    batch: { count: 1, windowMs: 0 },
  });
  bus.smq.createQueue('dead');
  bus.answer = () => ({ status: 500 });
  for (const body of ['poison', 'good']) bus.smq.send('q', base64(body));
  await bus.runUntilIdle();
  bus.answer = () => ({});
  bus.smq.send('q', base64('later'));
  await bus.pass(HOUR_MS);
  expect(bus.invocations).toHaveLength(4);
  expect(bus.bridge.state()).toMatchObject({ streams: [{ status: 'Ready', delivered: 0 }] });
  expect(bus.smq.state()).toMatchObject({ q: { active: 3 }, dead: { active: 0 } });
});

test('a push that takes longer than the visibility timeout is not delivered twice', async ({
  expect,
}) => {
  const bus = aBus({ eventbridge: { deliveryDelayMs: 0 } });
  bus.smq.createQueue('dead');
  // One receipt is all that a message has: another one would bury it.
  const deadLetter = { queueName: 'dead', maxReceiveCount: 1 };
  bus.smq.createQueue('q', { VisibilityTimeout: 1, deadLetter });
  bus.bridge.addStream(aStream({ batch: { count: 1, windowMs: 0 } }));
  let finish: (() => void) | undefined;
  bus.answer = () => new Promise((resolve) => (finish = () => resolve({})));
  bus.smq.send('q', base64('slow'));
  bus.smq.send('q', base64('waits behind it'));
  await bus.pass(HOUR_MS);
  expect(bus.invocations).toHaveLength(1);
  finish?.();
  bus.answer = () => ({});
  await bus.runUntilIdle();
  expect(batches(bus)).toEqual([['slow'], ['waits behind it']]);
  expect(bus.smq.state()).toMatchObject({ q: { messages: [] } });
});

test('a stopped stream takes and pushes nothing more', async ({ expect }) => {
  const bus = aStreamingBus({ batch: { count: 1, windowMs: 0 } });
  let finish: (() => void) | undefined;
  bus.answer = () => new Promise((resolve) => (finish = () => resolve({})));
  for (const body of ['under way', 'taken ahead', 'in the queue']) bus.smq.send('q', base64(body));
  await bus.pass(1_000);
  bus.bridge.stop();
  bus.answer = () => ({});
  finish?.();
  await bus.pass(1_000);
  expect(batches(bus)).toEqual([['under way']]);
  expect(bus.smq.state()).toMatchObject({ q: { inactive: 1, active: 1 } });
});

test('a whole day of retries delivers a message to nobody else', async ({ expect }) => {
  const bus = aStreamingBus({
    retry: 'EXPONENTIAL_DECAY_RETRY',
    batch: { count: 1, windowMs: 0 },
  });
  bus.answer = (number) => (number < 177 ? { status: 500 } : {});
  bus.smq.send('q', base64('poison'));
  bus.smq.send('q', base64('behind it'));
  await bus.runUntilIdle();
  // The one that waited for longer than a queue can hide it came anew from the queue.
  expect(batches(bus).filter(([body]) => body === 'behind it')).toHaveLength(1);
  expect(bus.bridge.state()).toMatchObject({ streams: [{ delivered: 1, discarded: 1 }] });
  expect(bus.smq.state()).toMatchObject({ q: { messages: [] } });
});

test('messages that do not match are dropped from the queue', async ({ expect }) => {
  const pattern = { data: { messageBody: [{ prefix: 'keep' }] } };
  const bus = aStreamingBus({ pattern });
  for (const body of ['keep 1', 'drop', 'keep 2']) bus.smq.send('q', base64(body));
  await bus.runUntilIdle();
  expect(batches(bus)).toEqual([['keep 1', 'keep 2']]);
  expect(bus.bridge.state()).toMatchObject({ streams: [{ filtered: 1, delivered: 2 }] });
  expect(bus.smq.state()).toMatchObject({ q: { messages: [] } });
});

test('a stream waits for its queue, and finds what was in it', async ({ expect }) => {
  const bus = aBus({ eventbridge: { deliveryDelayMs: 40 } });
  bus.bridge.addStream(aStream({ batch: { count: 1, windowMs: 0 } }));
  await bus.runUntilIdle();
  expect(bus.bridge.state()).toMatchObject({ streams: [{ status: 'Start Failed' }] });
  bus.smq.createQueue('q');
  bus.smq.send('q', base64('a'));
  await bus.runUntilIdle();
  expect(bus.bridge.state()).toMatchObject({ streams: [{ status: 'Running', delivered: 1 }] });
  bus.smq.createQueue('r');
  bus.smq.send('r', base64('b'));
  bus.bridge.addStream(aStream({ name: 'other', queueName: 'r' }));
  await bus.runUntilIdle();
  expect(batches(bus)).toEqual([['a'], ['b']]);
});

test('a delayed message is pushed when its time has come', async ({ expect }) => {
  const bus = aStreamingBus({ batch: { count: 1, windowMs: 0 } });
  bus.smq.send('q', base64('wake'), 30);
  await bus.pass(29_999);
  expect(bus.invocations).toEqual([]);
  await bus.pass(1);
  expect(bus.invocations.map(({ atMs }) => atMs)).toEqual([30_000]);
});

test('faults of the queue are faults of the stream: a message comes twice', async ({ expect }) => {
  const bus = aStreamingBus({ batch: { count: 1, windowMs: 0 } });
  bus.kernel.faults.replace([{ service: 'smq', action: 'Deliver', kind: 'duplicate' }]);
  bus.smq.send('q', base64('a'));
  await bus.runUntilIdle();
  expect(batches(bus)).toEqual([['a'], ['a']]);
  const ids = bus.invocations.map(({ payload }) => (payload as Element[])[0]?.id);
  expect(new Set(ids).size).toBe(1);
});

test('a stream has no pattern that is none', ({ expect }) => {
  expect(() => aStreamingBus({ pattern: { data: 'x' } })).toThrow('$.data');
});

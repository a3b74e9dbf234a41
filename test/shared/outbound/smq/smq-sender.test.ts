import { test } from 'vitest';
import { virtualClock } from '../../../../local/cloud/kernel/clock.ts';
import type { Fault } from '../../../../local/cloud/kernel/faults.ts';
import { createKernel, type Kernel } from '../../../../local/cloud/kernel/kernel.ts';
import { serve } from '../../../../local/cloud/kernel/serve.ts';
import { settingsWith } from '../../../../local/cloud/kernel/settings.ts';
import { createSmq, type Smq } from '../../../../local/cloud/smq/index.ts';
import type { Credentials } from '../../../../shared/outbound/credentials.ts';
import { type SmqSender, smqSender } from '../../../../shared/outbound/smq/smq-sender.ts';
import { keptSockets } from '../../../../shared/outbound/sockets.ts';

interface Bench {
  readonly kernel: Kernel;
  readonly smq: Smq;
  readonly queue: SmqSender;
  queueFor(queueName: string, credentials: Credentials): SmqSender;
  /** The bodies in the queue, decoded and sorted. */
  arrived(): string[];
}

/** The emulated SMQ behind a real port, with one queue in it. */
async function withSmq(faults: readonly Fault[], use: (bench: Bench) => Promise<void>) {
  const clock = virtualClock(Date.UTC(2026, 10, 24));
  const kernel = createKernel({ settings: settingsWith({}), clock });
  const smq = createSmq(kernel);
  smq.createQueue('results');
  const { port, close } = await serve(kernel, smq.service, 0);
  kernel.faults.replace(faults);
  const sockets = keptSockets();
  const { accessKeyId, accessKeySecret } = kernel.settings;
  const queueFor = (queueName: string, credentials: Credentials) =>
    smqSender({
      endpoint: `http://127.0.0.1:${port}`,
      queueName,
      credentials: async () => credentials,
      sockets,
      log: () => {},
      pause: async () => {},
    });
  const arrived = () =>
    Array.from({ length: 100 }, () => smq.receive('results', 16))
      .flat()
      .map(({ body }) => Buffer.from(body, 'base64').toString())
      .toSorted();
  try {
    const queue = queueFor('results', { accessKeyId, accessKeySecret });
    await use({ kernel, smq, queue, queueFor, arrived });
  } finally {
    await close();
  }
}

const bodies = (count: number) =>
  Array.from({ length: count }, (_, i) => JSON.stringify({ i, text: '<&"\'> 汉 🔑' })).toSorted();
const messages = (texts: readonly string[]) => texts.map((body) => ({ body, delaySeconds: 0 }));
const fault = (
  kind: 'reset' | 'html502' | 'empty' | 'malformed' | 'throttle',
  more = {},
): Fault => ({
  service: 'smq',
  action: 'BatchSendMessage',
  kind,
  ...more,
});

test('a thousand messages arrive as they were, in 63 calls', async ({ expect }) => {
  await withSmq([], async ({ queue, kernel, arrived }) => {
    const texts = bodies(1_000);
    const results = await queue.send(messages(texts));
    expect(results).toEqual(texts.map(() => undefined));
    expect(kernel.calls.of('smq', 'BatchSendMessage')).toBe(63);
    expect(arrived()).toEqual(texts);
  });
});

test('no messages are no call', async ({ expect }) => {
  await withSmq([], async ({ queue, kernel }) => {
    expect(await queue.send([])).toEqual([]);
    expect(kernel.calls.of('smq', 'BatchSendMessage')).toBe(0);
  });
});

test('a message that is too large fails alone', async ({ expect }) => {
  await withSmq([], async ({ queue, arrived }) => {
    const results = await queue.send(messages(['"a"', 'x'.repeat(60_000), '"b"']));
    expect(results.map((error) => error?.code)).toEqual([undefined, 'too-large', undefined]);
    expect(arrived()).toEqual(['"a"', '"b"']);
  });
});

test('a delayed message is not visible before its time', async ({ expect }) => {
  await withSmq([], async ({ queue, kernel, arrived }) => {
    await queue.send([{ body: '"later"', delaySeconds: 60 }]);
    expect(arrived()).toEqual([]);
    (kernel.clock as ReturnType<typeof virtualClock>).advance(60_000);
    expect(arrived()).toEqual(['"later"']);
  });
});

test.for(['reset', 'html502', 'empty', 'malformed'] as const)(
  'twice %s in place of an answer, and the third try sends all',
  async (kind, { expect }) => {
    await withSmq([fault(kind, { times: 2 })], async ({ queue, kernel, arrived }) => {
      const texts = bodies(3);
      expect(await queue.send(messages(texts))).toEqual([undefined, undefined, undefined]);
      expect(kernel.calls.of('smq', 'BatchSendMessage')).toBe(3);
      expect(arrived()).toEqual(texts);
    });
  },
);

test('a lost answer sends a batch again: received twice, never lost', async ({ expect }) => {
  await withSmq([fault('reset', { when: 'after' })], async ({ queue, arrived }) => {
    expect(await queue.send(messages(['"a"']))).toEqual([undefined]);
    expect(arrived()).toEqual(['"a"', '"a"']);
  });
});

test('three failures of a batch are reported for each of its messages only', async ({ expect }) => {
  // The faults hit one of two batches in flight, at its first try and at both repetitions.
  await withSmq([fault('throttle', { nth: 2 })], async ({ queue }) => {
    const results = await queue.send(messages(bodies(32)));
    const codes = results.map((error) => error?.code);
    expect(codes.filter((code) => code === undefined)).toHaveLength(16);
    expect(codes.filter((code) => code === 'throttled')).toHaveLength(16);
    expect(results.find(Boolean)?.details.vendorCode).toBe('QpsLimitExceeded');
  });
});

test('a queue that does not exist is refused at once', async ({ expect }) => {
  await withSmq([], async ({ queueFor, kernel }) => {
    const { accessKeyId, accessKeySecret } = kernel.settings;
    const queue = queueFor('nowhere', { accessKeyId, accessKeySecret });
    const [error] = await queue.send(messages(['"a"']));
    expect(error).toMatchObject({ code: 'refused', details: { vendorCode: 'QueueNotExist' } });
    expect(error!.details.requestId).toEqual(expect.any(String));
    expect(kernel.calls.of('smq', 'BatchSendMessage')).toBe(1);
  });
});

test('a wrong secret is forbidden', async ({ expect }) => {
  await withSmq([], async ({ queueFor, kernel }) => {
    const { accessKeyId } = kernel.settings;
    const queue = queueFor('results', { accessKeyId, accessKeySecret: 'wrong' });
    const [error] = await queue.send(messages(['"a"']));
    expect(error).toMatchObject({
      code: 'forbidden',
      details: { vendorCode: 'SignatureDoesNotMatch' },
    });
  });
});

test('STS credentials sign with their token, and not without it', async ({ expect }) => {
  await withSmq([], async ({ queueFor, kernel, arrived }) => {
    const { accessKeyId, accessKeySecret, securityToken } = kernel.account.issueSts('f', 'i');
    const pair = { accessKeyId, accessKeySecret };
    expect(await queueFor('results', { ...pair, securityToken }).send(messages(['"a"']))).toEqual([
      undefined,
    ]);
    const [error] = await queueFor('results', pair).send(messages(['"b"']));
    expect(error?.code).toBe('forbidden');
    expect(arrived()).toEqual(['"a"']);
  });
});

test.for(['', 'a/b', '-a', 'a?b', 'x'.repeat(121)])(
  'queue name "%s" is a bug',
  (name, { expect }) => {
    const make = () =>
      smqSender({
        endpoint: 'http://127.0.0.1:1',
        queueName: name,
        credentials: () => Promise.reject(new Error('not asked')),
        sockets: keptSockets(),
        log: () => {},
      });
    expect(make).toThrow(TypeError);
  },
);

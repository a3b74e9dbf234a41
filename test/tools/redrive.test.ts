import { test } from 'vitest';
import { refusal } from '../../local/cloud/fc/signature.ts';
import { virtualClock } from '../../local/cloud/kernel/clock.ts';
import type { Fault } from '../../local/cloud/kernel/faults.ts';
import { createKernel } from '../../local/cloud/kernel/kernel.ts';
import { listen, serve } from '../../local/cloud/kernel/serve.ts';
import { settingsWith } from '../../local/cloud/kernel/settings.ts';
import type { WireReply, WireRequest } from '../../local/cloud/kernel/wire.ts';
import { createSmq } from '../../local/cloud/smq/index.ts';
import { redrive } from '../../tools/redrive/redrive.ts';
import { readRedriveOptions, type RedriveOptions, run, USAGE } from '../../tools/redrive.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const wakeOf = (letter: string) =>
  JSON.stringify({ schema: 'latchkey.wake/1', rolloutId: `ro-${letter.repeat(26)}` });
const ownLetter = (text: string, why = 'because') =>
  base64(JSON.stringify({ schema: 'latchkey.dead/1', why, text }));
const LAUNCH = JSON.stringify({ type: 'ecs:ActionTrail:ApiCall', id: 'e-1', data: {} });

/** The real SMQ emulator, and a Function Compute that answers as told, on loopback ports. */
async function aCloud(setup: { faults?: readonly Fault[]; fc?: Partial<WireReply> } = {}) {
  const clock = virtualClock(Date.now());
  const kernel = createKernel({ settings: settingsWith({}), clock });
  const smq = createSmq(kernel);
  for (const name of ['latchkey-results', 'latchkey-dead']) smq.createQueue(name);
  const server = await serve(kernel, smq.service, 0);
  kernel.faults.replace(setup.faults ?? []);
  const calls: WireRequest[] = [];
  const fc = await listen(0, (request) => {
    calls.push(request);
    return Promise.resolve({ status: 200, headers: {}, body: '{}', ...setup.fc });
  });
  const { accessKeyId, accessKeySecret } = kernel.settings;

  async function tool(more: Partial<RedriveOptions> = {}) {
    let output = '';
    const exit = await run(
      {
        send: false,
        json: false,
        smqEndpoint: `http://127.0.0.1:${server.port}`,
        fcEndpoint: `http://127.0.0.1:${fc.port}`,
        queueName: 'latchkey-results',
        deadLetterQueueName: 'latchkey-dead',
        credentials: () => Promise.resolve({ accessKeyId, accessKeySecret }),
        isLocal: true,
        ...more,
      },
      (text) => (output += text),
      () => clock.nowMs() + 180_000,
    );
    return { exit, output };
  }
  const bodiesIn = (queue: string) => {
    clock.advance(3_600_000);
    return Array.from({ length: 10 }, () => smq.receive(queue, 16))
      .flat()
      .map(({ body }) => body);
  };
  const close = () => Promise.all([server.close(), fc.close()]);
  return { kernel, smq, calls, tool, bodiesIn, close };
}

async function withCloud(
  setup: Parameters<typeof aCloud>[0],
  use: (cloud: Awaited<ReturnType<typeof aCloud>>) => Promise<void>,
): Promise<void> {
  const cloud = await aCloud(setup);
  try {
    await use(cloud);
  } finally {
    await cloud.close();
  }
}

test('without --send it only looks', async ({ expect }) => {
  await withCloud({}, async ({ smq, tool, bodiesIn }) => {
    smq.send('latchkey-dead', ownLetter(wakeOf('a'), 'no such rollout'));
    smq.send('latchkey-dead', ownLetter('x'.repeat(300)));
    const { exit, output } = await tool();
    expect(exit).toBe(0);
    expect(output.replace(/127.0.0.1:\d+/, 'smq').split('\n')).toEqual([
      '2 messages in latchkey-dead (http://smq)',
      '',
      '1. no such rollout (3 min old)',
      `   ${wakeOf('a')}`,
      '   would go to latchkey-results',
      '',
      '2. because (3 min old)',
      `   ${'x'.repeat(200)}…`,
      '   cannot be sent again: what it holds is no message of ours',
      '',
      'To send them again: --send',
      '',
    ]);
    expect(bodiesIn('latchkey-results')).toEqual([]);
    expect(bodiesIn('latchkey-dead')).toHaveLength(2);
  });
});

test('an empty queue is no trouble', async ({ expect }) => {
  await withCloud({}, async ({ tool }) => {
    for (const send of [false, true]) {
      const { exit, output } = await tool({ send });
      expect([exit, output]).toEqual([0, expect.stringMatching(/^0 messages in latchkey-dead/)]);
    }
  });
});

test('with --send messages go to the queue, launches to their function, the rest stays', async ({
  expect,
}) => {
  await withCloud({}, async ({ kernel, smq, calls, tool, bodiesIn }) => {
    smq.send('latchkey-dead', ownLetter(wakeOf('a')));
    smq.send('latchkey-dead', JSON.stringify({ data: { messageBody: wakeOf('b') } }));
    smq.send('latchkey-dead', LAUNCH);
    smq.send('latchkey-dead', 'what is this');
    const { exit, output } = await tool({ send: true, json: true });
    expect(exit).toBe(1);
    expect(JSON.parse(output)).toMatchObject({
      queue: 'latchkey-dead',
      total: 4,
      messages: [
        { state: 'sent', to: 'latchkey-results', why: 'because', ageMs: 180_000 },
        { state: 'sent', to: 'latchkey-results', why: 'its trigger could not deliver it' },
        { state: 'sent', to: 'latchkey-launch', text: LAUNCH },
        { state: 'left', to: null, remark: 'neither JSON nor base64 of it', text: 'what is this' },
      ],
    });
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      path: '/2023-03-30/functions/latchkey-launch/invocations',
      headers: { 'x-fc-invocation-type': 'Sync' },
    });
    expect(calls[0]?.body.toString()).toBe(LAUNCH);
    expect(refusal(calls[0]!, 'api', kernel.account, Date.now())).toBeUndefined();
    expect(bodiesIn('latchkey-results')).toEqual([base64(wakeOf('a')), base64(wakeOf('b'))]);
    expect(bodiesIn('latchkey-dead')).toEqual(['what is this']);
  });
});

test('more than one batch is sent, and each message once', async ({ expect }) => {
  await withCloud({}, async ({ smq, tool, bodiesIn }) => {
    const wakes = 'abcdefghijklmnopqrstuvwxyz'.split('').map(wakeOf);
    for (const wake of wakes) smq.send('latchkey-dead', ownLetter(wake));
    const { exit, output } = await tool({ send: true });
    expect(exit).toBe(0);
    expect(output).toContain('26 messages in latchkey-dead');
    expect(output).toContain('26 sent again, 0 left');
    expect(bodiesIn('latchkey-results')).toEqual(wakes.map(base64));
    expect(bodiesIn('latchkey-dead')).toEqual([]);
  });
});

test('looking tells of messages that SMQ does not show', async ({ expect }) => {
  await withCloud({}, async ({ smq, tool }) => {
    for (let i = 0; i < 20; i += 1) smq.send('latchkey-dead', ownLetter(wakeOf('a')));
    const { output } = await tool();
    expect(output).toMatch(/^20 messages in latchkey-dead \(.*\), the first 16 of them:\n/);
  });
});

test('a function that failed leaves the event where it is', async ({ expect }) => {
  const fc = { headers: { 'x-fc-error-type': 'UnhandledInvocationError' }, body: 'no policy' };
  await withCloud({ fc }, async ({ smq, tool, bodiesIn }) => {
    smq.send('latchkey-dead', LAUNCH);
    const { exit, output } = await tool({ send: true });
    expect(exit).toBe(1);
    expect(output).toContain(
      'left: Cannot call latchkey-launch: 200 UnhandledInvocationError no policy',
    );
    expect(bodiesIn('latchkey-dead')).toEqual([LAUNCH]);
  });
});

test('without an endpoint of Function Compute events are left, and messages sent', async ({
  expect,
}) => {
  await withCloud({}, async ({ smq, tool, bodiesIn }) => {
    smq.send('latchkey-dead', LAUNCH);
    smq.send('latchkey-dead', ownLetter(wakeOf('a')));
    const { exit, output } = await tool({ send: true, fcEndpoint: undefined });
    expect(exit).toBe(1);
    expect(output).toContain('left: Cannot call latchkey-launch: FC_ENDPOINT is not set');
    expect(bodiesIn('latchkey-results')).toEqual([base64(wakeOf('a'))]);
    expect(bodiesIn('latchkey-dead')).toEqual([LAUNCH]);
  });
});

test('a message that the queue does not take is left', async ({ expect }) => {
  const faults = [{ service: 'smq', action: 'BatchSendMessage', kind: 'throttle' }] as const;
  await withCloud({ faults }, async ({ smq, tool, bodiesIn }) => {
    smq.send('latchkey-dead', ownLetter(wakeOf('a')));
    const { exit, output } = await tool({ send: true });
    expect(exit).toBe(1);
    expect(output).toContain('left: Cannot send to queue "latchkey-results": QpsLimitExceeded');
    expect(bodiesIn('latchkey-dead')).toEqual([ownLetter(wakeOf('a'))]);
  });
});

test('what comes back as a new dead letter is not sent again by the same run', async ({
  expect,
}) => {
  const letters = [1, 2, 3].map(String);
  const sent: string[] = [];
  const reports = await redrive({
    deadLetters: {
      count: () => Promise.resolve(letters.length),
      peek: () => Promise.reject(new Error('not asked')),
      receive: () =>
        Promise.resolve(
          letters.splice(0, 2).map((messageId, i) => ({
            messageId,
            receiptHandle: messageId,
            body: ownLetter(wakeOf('a')),
            enqueuedAtMs: i,
            dequeueCount: 1,
          })),
        ),
      remove: () => Promise.resolve([]),
    },
    results: {
      send: (messages) => {
        sent.push(...messages.map(({ body }) => body));
        letters.push(`again-${sent.length}`);
        return Promise.resolve([undefined]);
      },
    },
    resultsName: 'latchkey-results',
    invoke: () => Promise.reject(new Error('not asked')),
    nowMs: () => 0,
  });
  expect(reports.map(({ messageId }) => messageId)).toEqual(['1', '2', '3']);
  expect(sent).toHaveLength(3);
});

test('a message that was sent but not deleted is told', async ({ expect }) => {
  const faults = [{ service: 'smq', action: 'BatchDeleteMessage', kind: 'html502' }] as const;
  await withCloud({ faults }, async ({ smq, tool, bodiesIn }) => {
    smq.send('latchkey-dead', ownLetter(wakeOf('a')));
    const { output } = await tool({ send: true });
    expect(output).toContain(
      'sent to latchkey-results: not deleted: it will be sent again by the next run',
    );
    expect(bodiesIn('latchkey-results')).toHaveLength(1);
    expect(bodiesIn('latchkey-dead')).toHaveLength(1);
  });
});

test('a queue that is not there fails the whole', async ({ expect }) => {
  await withCloud({}, async ({ tool }) => {
    await expect(tool({ deadLetterQueueName: 'nowhere' })).rejects.toThrow(
      'Cannot read queue "nowhere": QueueNotExist',
    );
  });
});

test('options name the local cloud, or the account of the environment', ({ expect }) => {
  const env = { SMQ_ENDPOINT: 'https://1.mns.cn-hangzhou.aliyuncs.com', SMQ_QUEUE: 'results' };
  expect(readRedriveOptions([], {})).toMatchObject({
    smqEndpoint: 'http://127.0.0.1:9002',
    fcEndpoint: 'http://127.0.0.1:9004',
    queueName: 'latchkey-results',
    deadLetterQueueName: 'latchkey-dead',
    send: false,
    isLocal: true,
  });
  expect(readRedriveOptions(['--send'], env)).toMatchObject({
    smqEndpoint: env.SMQ_ENDPOINT,
    fcEndpoint: undefined,
    queueName: 'results',
    send: true,
    isLocal: false,
  });
  expect(readRedriveOptions(['--port-base', '7000'], env)).toMatchObject({
    smqEndpoint: 'http://127.0.0.1:7002',
    isLocal: true,
  });
  expect(readRedriveOptions(['--help'], env)).toBeUndefined();
  expect(USAGE).toContain('--send');
  expect(() => readRedriveOptions(['--port-base', 'x'], {})).toThrow('Cannot use port base "x"');
  expect(() => readRedriveOptions(['--sned'], {})).toThrow("Unknown option '--sned'");
});

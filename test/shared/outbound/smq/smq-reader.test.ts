import { test } from 'vitest';
import { virtualClock } from '../../../../local/cloud/kernel/clock.ts';
import type { Fault } from '../../../../local/cloud/kernel/faults.ts';
import { createKernel } from '../../../../local/cloud/kernel/kernel.ts';
import { serve } from '../../../../local/cloud/kernel/serve.ts';
import { settingsWith } from '../../../../local/cloud/kernel/settings.ts';
import { createSmq, type Smq } from '../../../../local/cloud/smq/index.ts';
import { type SmqReader, smqReader } from '../../../../shared/outbound/smq/smq-reader.ts';
import { keptSockets } from '../../../../shared/outbound/sockets.ts';

const NOW_MS = Date.UTC(2026, 10, 24);
const SECRET_TEXT = '<&"\'> 汉 🔑';

interface Bench {
  readonly smq: Smq;
  readonly reader: SmqReader;
  readonly clock: ReturnType<typeof virtualClock>;
}

async function withReader(
  use: (bench: Bench) => Promise<void>,
  { faults = [], queueName = 'dead' }: { faults?: readonly Fault[]; queueName?: string } = {},
): Promise<void> {
  const clock = virtualClock(NOW_MS);
  const kernel = createKernel({ settings: settingsWith({}), clock });
  const smq = createSmq(kernel);
  smq.createQueue('dead');
  const { port, close } = await serve(kernel, smq.service, 0);
  kernel.faults.replace(faults);
  const sts = kernel.account.issueSts('tool', 'i');
  const reader = smqReader({
    endpoint: `http://127.0.0.1:${port}`,
    queueName,
    credentials: () => Promise.resolve(sts),
    sockets: keptSockets(),
    wireNowMs: () => kernel.wallMs(),
  });
  try {
    await use({ smq, reader, clock });
  } finally {
    await close();
  }
}

test('an empty queue has no messages', async ({ expect }) => {
  await withReader(async ({ reader }) => {
    expect([await reader.count(), await reader.peek(), await reader.receive()]).toEqual([
      0,
      [],
      [],
    ]);
    expect(await reader.remove([])).toEqual([]);
  });
});

test('peeking shows up to 16 messages and changes nothing', async ({ expect }) => {
  await withReader(async ({ smq, reader }) => {
    for (let i = 0; i < 20; i += 1) smq.send('dead', `${i} ${SECRET_TEXT}`);
    const first = await reader.peek();
    expect(first).toHaveLength(16);
    expect(first[0]).toEqual({
      messageId: expect.any(String),
      body: `0 ${SECRET_TEXT}`,
      enqueuedAtMs: NOW_MS,
      dequeueCount: 0,
    });
    expect(await reader.peek()).toEqual(first);
    expect(await reader.count()).toBe(20);
  });
});

test('a received message is hidden until its time is over or it is deleted', async ({ expect }) => {
  await withReader(async ({ smq, reader, clock }) => {
    for (const body of ['a', 'b', 'c']) smq.send('dead', body);
    const [a, b, c] = await reader.receive();
    expect([a, b, c].map((one) => [one?.body, one?.dequeueCount])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ]);
    expect(await reader.receive()).toEqual([]);
    expect(await reader.remove([a!.receiptHandle, b!.receiptHandle])).toEqual([]);
    clock.advance(60_000);
    expect((await reader.receive()).map(({ body }) => body)).toEqual(['c']);
  });
});

test('a handle that has expired is returned, and the others are deleted', async ({ expect }) => {
  await withReader(async ({ smq, reader, clock }) => {
    smq.send('dead', 'a');
    const [old] = await reader.receive();
    clock.advance(60_000);
    const [young] = await reader.receive();
    const handles = [old!.receiptHandle, young!.receiptHandle];
    expect(await reader.remove(handles)).toEqual([old!.receiptHandle]);
    clock.advance(60_000);
    expect(await reader.receive()).toEqual([]);
  });
});

test('a received message can be hidden for longer or made visible again, with a new handle', async ({
  expect,
}) => {
  await withReader(async ({ smq, reader, clock }) => {
    for (const body of ['a', 'b']) smq.send('dead', body);
    const [a, b] = await reader.receive();
    const longer = await reader.hide(a!.receiptHandle, 600);
    await reader.hide(b!.receiptHandle, 1);
    clock.advance(60_000);
    expect((await reader.receive()).map(({ body }) => body)).toEqual(['b']);
    expect(await reader.remove([a!.receiptHandle])).toEqual([a!.receiptHandle]);
    expect(await reader.remove([longer])).toEqual([]);
  });
});

test('a message that is visible again cannot be hidden', async ({ expect }) => {
  await withReader(async ({ smq, reader, clock }) => {
    smq.send('dead', 'a');
    const [a] = await reader.receive();
    clock.advance(60_000);
    await expect(reader.hide(a!.receiptHandle, 60)).rejects.toMatchObject({ code: 'not-found' });
  });
});

test('a queue that does not exist is refused', async ({ expect }) => {
  const refused = {
    code: 'refused',
    message: expect.stringContaining('Cannot read queue "nowhere": QueueNotExist'),
  };
  await withReader(
    async ({ reader }) => {
      await expect(reader.count()).rejects.toMatchObject(refused);
      await expect(reader.peek()).rejects.toMatchObject(refused);
      await expect(reader.receive()).rejects.toMatchObject(refused);
      await expect(reader.remove(['x'])).rejects.toMatchObject(refused);
      await expect(reader.hide('x', 1)).rejects.toMatchObject(refused);
    },
    { queueName: 'nowhere' },
  );
});

test.for(['html502', 'empty', 'malformed'] as const)(
  '%s in place of an answer is no answer',
  async (kind, { expect }) => {
    const faults = [
      { service: 'smq', action: 'BatchReceiveMessage', kind },
      { service: 'smq', action: 'BatchDeleteMessage', kind },
      { service: 'smq', action: 'ChangeMessageVisibility', kind },
      { service: 'smq', action: 'GetQueueAttributes', kind },
    ] as const;
    await withReader(
      async ({ smq, reader }) => {
        smq.send('dead', 'a');
        const unreadable = { code: 'unavailable' };
        await expect(reader.receive()).rejects.toMatchObject(unreadable);
        await expect(reader.remove(['x'])).rejects.toMatchObject(unreadable);
        await expect(reader.hide('x', 1)).rejects.toMatchObject(unreadable);
        await expect(reader.count()).rejects.toMatchObject(unreadable);
      },
      { faults },
    );
  },
);

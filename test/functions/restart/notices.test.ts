import { test } from 'vitest';
import { deliverNotices } from '../../../shared/domain/rollouts/deliver-notice.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type { NoticeMessage } from '../../../shared/domain/model/notice-message.ts';
import type { Delivery, Log, Queue } from '../../../shared/domain/model/ports.ts';
import { ModelQueue } from '../../models/model-queue.ts';
import { NOW_MS } from '../../models/builders.ts';

function aNotice(over: Partial<NoticeMessage> = {}): NoticeMessage {
  return {
    id: 'ro-a-halted-1-pager',
    rolloutId: 'ro-a',
    channel: 'pager',
    kind: 'halted',
    atMs: NOW_MS,
    attempt: 1,
    data: {
      status: 'halted',
      nextCalls: [
        'GET /rollouts/ro-a',
        ...['resolve', 'resume', 'abort'].map((call) => `POST /rollouts/ro-a/${call}`),
      ],
    },
    ...over,
  };
}

const FAILED: Delivery = { kind: 'failed', why: 'HTTP status 500', retryAfterMs: null };

/** A receiver that answers so, whatever it is told. */
function aReceiver(delivery: Delivery, over: { readonly queue?: Queue; tookMs?: number } = {}) {
  let nowMs = NOW_MS;
  let inFlight = 0;
  let most = 0;
  const told: NoticeMessage[] = [];
  const lines: unknown[][] = [];
  const log: Log = (...line) => lines.push(line);
  const clock = { nowMs: () => nowMs };
  const queue = new ModelQueue(clock);
  const deadLetters = new ModelQueue(clock);
  const notifier = {
    deliver: async (notice: NoticeMessage) => {
      told.push(notice);
      inFlight += 1;
      most = Math.max(most, inFlight);
      await Promise.resolve();
      inFlight -= 1;
      nowMs += over.tookMs ?? 0;
      return delivery;
    },
  };
  const ports = { notifier, queue: over.queue ?? queue, deadLetters, clock, log };
  return {
    told,
    lines,
    deadLetters,
    most: () => most,
    deliver: (...notices: readonly NoticeMessage[]) =>
      deliverNotices(notices, ports, { deadlineMs: NOW_MS + 118_000 }),
    /** What is tried again, and in how many seconds. */
    again: () =>
      queue.sent.map((body) => {
        const { schema, ...notice } = JSON.parse(body) as NoticeMessage & { schema: string };
        return { schema, notice };
      }),
    nextInMs: () => (queue.nextMs() ?? Number.NaN) - NOW_MS,
  };
}

test('what is delivered, or wanted no more, is over', async ({ expect }) => {
  for (const delivery of [{ kind: 'delivered' }, { kind: 'gone', why: 'HTTP 410' }] as const) {
    const { deliver, told, again, deadLetters } = aReceiver(delivery);
    await deliver(aNotice());

    expect(told).toEqual([aNotice()]);
    expect(again()).toEqual([]);
    expect(deadLetters.sent).toEqual([]);
  }
});

test.for([
  [1, 5],
  [2, 300],
  [3, 1_800],
  [4, 7_200],
  [5, 18_000],
  [6, 36_000],
  [7, 50_400],
  [8, 72_000],
  [9, 86_400],
] as const)(
  'after delivery %i has failed, it is tried again in %i s, and up to a tenth more',
  async ([attempt, seconds], { expect }) => {
    const notice = aNotice({ attempt });
    const { deliver, again, nextInMs } = aReceiver(FAILED);
    await deliver(notice);

    expect(again()).toEqual([
      { schema: 'latchkey.notice/1', notice: { ...notice, attempt: attempt + 1 } },
    ]);
    expect(nextInMs()).toBeGreaterThanOrEqual(seconds * 1_000);
    expect(nextInMs()).toBeLessThanOrEqual(Math.ceil(seconds * 1.1) * 1_000);
  },
);

test('the pause is the same for the same delivery, and differs between notices', async ({
  expect,
}) => {
  const pauseOf = async (id: string) => {
    const { deliver, nextInMs } = aReceiver(FAILED);
    await deliver(aNotice({ id, attempt: 4 }));
    return nextInMs();
  };
  const ids = Array.from({ length: 20 }, (_, n) => `ro-${n}-halted-1-pager`);
  const pauses = await Promise.all(ids.map(pauseOf));

  expect(await Promise.all(ids.map(pauseOf))).toEqual(pauses);
  expect(new Set(pauses).size).toBeGreaterThan(3);
});

test('Retry-After is respected when it is longer, and for a day at most', async ({ expect }) => {
  for (const [retryAfterMs, expectedMs] of [
    [1_000, 5_000],
    [600_000, 600_000],
    [1e12, 86_400_000],
  ] as const) {
    const { deliver, nextInMs } = aReceiver({ ...FAILED, retryAfterMs });
    await deliver(aNotice());

    expect(nextInMs()).toBeGreaterThanOrEqual(expectedMs);
    expect(nextInMs()).toBeLessThanOrEqual(expectedMs + 1_000);
  }
});

test('after the tenth it is logged as an error, and lies in the dead-letter queue', async ({
  expect,
}) => {
  const { deliver, again, deadLetters, lines } = aReceiver(FAILED);
  await deliver(aNotice({ attempt: 10 }));

  expect(again()).toEqual([]);
  const letter = JSON.parse(deadLetters.sent[0]!) as { schema: string; why: string; text: string };
  expect(letter).toMatchObject({
    schema: 'latchkey.dead/1',
    why: 'notice not delivered: HTTP status 500',
  });
  // Whoever sends it again begins anew.
  expect(JSON.parse(letter.text)).toEqual({ schema: 'latchkey.notice/1', ...aNotice() });
  expect(lines).toMatchObject([['error', 'notice-given-up', { attempt: 10, channel: 'pager' }]]);
});

test('one notice that is there twice is delivered once, as far as it has come', async ({
  expect,
}) => {
  const { deliver, told } = aReceiver({ kind: 'delivered' });
  await deliver(aNotice(), aNotice({ attempt: 3 }), aNotice({ attempt: 2 }));

  expect(told.map(({ attempt }) => attempt)).toEqual([3]);
});

test('what there is no time for is not begun, and comes again at once as it is', async ({
  expect,
}) => {
  const ids = Array.from({ length: 40 }, (_, n) => `ro-${n}-halted-1-pager`);
  const { deliver, told, again, most } = aReceiver({ kind: 'delivered' }, { tookMs: 9_000 });
  await deliver(...ids.map((id) => aNotice({ id })));

  expect(most()).toBeLessThanOrEqual(8);
  expect(told.length).toBeGreaterThan(8);
  expect(told.length).toBeLessThan(40);
  const later = again().map(({ notice }) => notice);
  expect([...told, ...later].map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(new Set(later.map(({ attempt }) => attempt))).toEqual(new Set([1]));
});

test('what the queue does not take makes the batch come again', async ({ expect }) => {
  const refusal = new LatchkeyError('unavailable', 'Cannot send: the queue is away');
  const queue: Queue = { send: async (messages) => messages.map(() => refusal) };
  const { deliver, told } = aReceiver(FAILED, { queue });

  await expect(deliver(aNotice())).rejects.toBe(refusal);
  expect(told).toHaveLength(1);
});

test('what is logged of a delivery is not what it says', async ({ expect }) => {
  const { deliver, lines } = aReceiver(FAILED);
  await deliver(aNotice({ data: { note: 'for your eyes only' } }));

  expect(lines).toMatchObject([['warn', 'notice-failed', { notice: 'halted', attempt: 1 }]]);
  expect(JSON.stringify(lines)).not.toContain('eyes only');
});

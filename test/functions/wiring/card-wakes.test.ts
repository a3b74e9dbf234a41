import { bodiesOf } from '../../../shared/contract/messages/codec.ts';
import { test } from 'vitest';
import { makeHandler } from '../../../functions/restart/handler.ts';
import { withCardWakes } from '../../../functions/wiring/card-wakes.ts';
import { flushAfter } from '../../../functions/wiring/audit-and-cards.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type { Queue, Rollouts } from '../../../shared/domain/model/ports.ts';
import type { Rollout } from '../../../shared/domain/model/rollout.ts';
import { ModelQueue } from '../../models/model-queue.ts';
import { silent } from '../../models/builders.ts';
import { aBatch, TICK } from '../../support/cloud-events.ts';
import { context } from '../../models/http-event.ts';
import { aWorld, rolloutIn } from '../../models/world.ts';

/** `restart`, with messages for cards. */
function aRestart(
  options: { readonly hasCards?: (rollout: Rollout) => boolean; readonly chatQueue?: Queue } = {},
) {
  const clock = { nowMs: () => 0 };
  const sent = new ModelQueue(clock);
  const lines: string[] = [];
  const log = (_level: string, event: string) => lines.push(event);
  const { hasCards = () => true, chatQueue = sent } = options;
  let nowMs = () => 0;
  let wakes: ReturnType<typeof withCardWakes> | undefined;
  const wrap = (rollouts: Rollouts) => {
    wakes = withCardWakes(rollouts, hasCards, { chatQueue, clock: { nowMs: () => nowMs() }, log });
    return wakes.rollouts;
  };
  const world = aWorld(
    Array.from({ length: 4 }, (_, n) => ({ instanceId: `i-${n}` })),
    { rollouts: wrap },
  );
  nowMs = world.now;
  const handler = flushAfter(
    makeHandler({
      ...world.ports,
      log: silent,
      regionId: 'cn-hangzhou',
      deadLetters: new ModelQueue(clock),
      notifier: { deliver: async () => ({ kind: 'delivered' }) },
    }),
    [wakes!],
  );
  const ofRestart = { ...context, function: { name: 'latchkey-restart', timeout: 120 } };
  return {
    world,
    sent: sent.sent,
    lines,
    flush: () => wakes!.flush(),
    tick: () => handler(TICK, ofRestart),
    deliver: () => handler(aBatch(world.queue.receive(100)), ofRestart),
  };
}

test('an invocation that writes a rollout several times sends one message for its cards, at its end', async ({
  expect,
}) => {
  const { world, sent, deliver, flush } = aRestart();
  const { rolloutId } = rolloutIn(await world.ask());
  const wake = JSON.stringify({ schema: 'latchkey.card/1', rolloutId });
  expect(sent).toEqual([]);
  await flush();
  expect(sent).toEqual([wake]);
  const saves = world.rollouts.saves;
  await deliver();
  expect(world.rollouts.saves - saves).toBeGreaterThan(1);
  expect(sent).toEqual([wake, wake]);
});

test('an invocation that writes nothing sends no message', async ({ expect }) => {
  const { world, sent, deliver, flush } = aRestart();
  await world.ask();
  await flush();
  await deliver();
  const before = sent.length;
  await deliver();
  expect(sent).toHaveLength(before);
});

test('a rollout without cards gets no message', async ({ expect }) => {
  const { world, sent, deliver } = aRestart({ hasCards: () => false });
  await world.ask();
  await deliver();
  expect(sent).toEqual([]);
});

test('an unavailable queue is logged and does no harm to a rollout', async ({ expect }) => {
  const away = new LatchkeyError('unavailable', 'Cannot send: away');
  const { world, lines, deliver } = aRestart({
    chatQueue: { send: async (messages) => messages.map(() => away) },
  });
  const { rolloutId } = rolloutIn(await world.ask());
  await deliver();
  await world.settle();
  expect((await world.rollout(rolloutId)).phase).toBe('done');
  expect(lines).toEqual(['card-wake-failed']);
});

test('messages are sent also when the invocation fails', async ({ expect }) => {
  const flushed: string[] = [];
  const fails = flushAfter(async (): Promise<void> => {
    throw new LatchkeyError('unavailable', 'Cannot go on: away');
  }, [
    {
      flush: async () => {
        flushed.push('flushed');
      },
    },
  ]);
  await expect(fails()).rejects.toThrow('away');
  expect(flushed).toEqual(['flushed']);
});

test('the timer repeats a lost message, although nothing writes the row', async ({ expect }) => {
  const away = new LatchkeyError('unavailable', 'Cannot send: away');
  const sent: string[] = [];
  let isAway = true;
  const { world, flush, tick } = aRestart({
    chatQueue: {
      send: async (messages) => {
        if (!isAway) sent.push(...messages.flatMap(({ message }) => bodiesOf(message)));
        return messages.map(() => (isAway ? away : undefined));
      },
    },
  });
  const { rolloutId } = rolloutIn(await world.ask({ approveWithinSeconds: 3_600 }));
  await flush();
  isAway = false;
  await flush();
  expect(sent).toEqual([]);

  const wake = JSON.stringify({ schema: 'latchkey.card/1', rolloutId });
  const saves = world.rollouts.saves;
  await tick();
  expect(sent).toEqual([wake]);
  expect(world.rollouts.saves).toBe(saves);
  world.pass(11 * 60_000);
  await tick();
  expect(sent).toEqual([wake]);
});

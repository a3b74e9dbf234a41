import { test } from 'vitest';
import { makeHandler } from '../../../functions/restart/handler.ts';
import type { HealthGate } from '../../../shared/domain/model/ports.ts';
import { ModelQueue } from '../../models/model-queue.ts';
import { TICK } from '../../support/cloud-events.ts';
import { context } from '../../models/http-event.ts';
import { aWorld, rolloutIn } from '../../models/world.ts';

const OF_RESTART = { ...context, function: { name: 'latchkey-restart', timeout: 120 } };

function aTimer(gate: HealthGate) {
  const world = aWorld([{}], { gate });
  const lines: unknown[] = [];
  const handler = makeHandler({
    ...world.ports,
    regionId: 'cn-hangzhou',
    deadLetters: new ModelQueue(world.ports.clock),
    notifier: { deliver: async () => ({ kind: 'delivered' }) },
    log: (level, event, fields) => void lines.push({ level, event, ...fields }),
  });
  const still = () =>
    lines.filter((line) => (line as { event: string }).event === 'standing-still');
  return { world, still, tick: () => handler(TICK, OF_RESTART) };
}

test('the timer tells of a rollout in which nothing happens, with every tick', async ({
  expect,
}) => {
  const { world, still, tick } = aTimer({ ask: async () => ({ answer: 'wait', reason: 'load' }) });
  const { rolloutId } = rolloutIn(await world.ask());
  await tick();
  world.pass(14 * 60_000);
  await tick();
  expect(still()).toEqual([]);

  world.pass(2 * 60_000);
  await tick();
  await tick();
  const line = { level: 'warn', rolloutId, status: 'restarting', waitingFor: 'gate' };
  expect(still()).toMatchObject([line, line]);
});

test('the timer tells nothing of a rollout that waits for a person', async ({ expect }) => {
  const { world, still, tick } = aTimer({ ask: async () => ({ answer: 'halt', reason: 'load' }) });
  await world.ask();
  await tick();
  world.pass(60 * 60_000);
  await tick();
  expect(still()).toEqual([]);
});

import { describe, test } from 'vitest';
import { makeHandler } from '../../../functions/restart/handler.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type { Snapshot } from '../../../shared/domain/model/instance.ts';
import { ModelQueue } from '../../models/model-queue.ts';
import { aBatch, aStateChange, TICK } from '../../support/cloud-events.ts';
import { context } from '../../models/http-event.ts';
import { withMethods } from '../../support/with-methods.ts';
import { aWorld, type Interceptors, rolloutIn } from '../../models/world.ts';

function aRestart(snapshots: readonly Partial<Snapshot>[] = [{}], over: Interceptors = {}) {
  const world = aWorld(snapshots, over);
  const deadLetters = new ModelQueue(world.ports.clock);
  const handler = makeHandler({
    ...world.ports,
    regionId: 'cn-hangzhou',
    deadLetters,
    notifier: { deliver: async () => ({ kind: 'delivered' }) },
  });
  const ofRestart = { ...context, function: { name: 'latchkey-restart', timeout: 120 } };
  return { world, deadLetters, deliver: (event: Buffer) => handler(event, ofRestart) };
}

describe('queue messages', () => {
  test('are one load and one claim for each rollout, however many there are', async ({
    expect,
  }) => {
    const ids = Array.from({ length: 30 }, (_, n) => ({ instanceId: `i-${n}` }));
    const { world, deliver } = aRestart(ids);
    await world.ask();
    const saves = world.rollouts.saves;
    const report = await deliver(aBatch(world.queue.receive(100)));
    expect(report).toMatchObject({ kind: 'messages', rollouts: 1, deadLetters: 0 });
    expect(world.ecs.calls['RebootInstances']).toBe(1);
    // The claims, and the answers.
    expect(world.rollouts.saves - saves).toBe(2);
  });

  test('of several rollouts read the row of each once', async ({ expect }) => {
    const ids = Array.from({ length: 9 }, (_, n) => ({ instanceId: `i-${n}` }));
    const loads: string[] = [];
    const { world, deliver } = aRestart(ids, {
      rollouts: (rollouts) =>
        withMethods(rollouts, {
          load: (rolloutId) => {
            loads.push(rolloutId);
            return rollouts.load(rolloutId);
          },
        }),
    });
    const some = [ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)];
    for (const [n, group] of some.entries()) {
      await world.ask({ instanceIds: group.map(({ instanceId }) => instanceId) }, `msg_${n}`);
    }
    loads.length = 0;
    const report = await deliver(aBatch(world.queue.receive(100)));
    expect(report).toMatchObject({ rollouts: 3 });
    expect(loads).toHaveLength(3);
    expect(new Set(loads).size).toBe(3);
  });

  test('delivered five times restart nothing twice', async ({ expect }) => {
    const { world, deliver } = aRestart();
    await world.ask();
    const batch = aBatch(world.queue.receive(100));
    for (let n = 0; n < 5; n++) await deliver(batch);
    await world.settle();
    expect(world.ecs.look('i-a').boots).toBe(1);
    expect(world.ecs.calls['RebootInstances']).toBe(1);
  });

  test('delivered to five invocations at once restart nothing twice', async ({ expect }) => {
    const { world, deliver } = aRestart();
    await world.ask();
    const batch = aBatch(world.queue.receive(100));
    await Promise.all([1, 2, 3, 4, 5].map(() => deliver(batch)));
    await world.settle();
    expect(world.ecs.look('i-a').boots).toBe(1);
    expect(world.ecs.calls['RebootInstances']).toBe(1);
  });

  test('that change nothing write nothing', async ({ expect }) => {
    const { world, deliver } = aRestart();
    await world.ask();
    const batch = aBatch(world.queue.receive(100));
    await deliver(batch);
    const saves = world.rollouts.saves;
    await deliver(batch);
    expect(world.rollouts.saves).toBe(saves);
  });

  test('that cannot be read go to the dead-letter queue, the others go on', async ({ expect }) => {
    const { world, deliver, deadLetters } = aRestart();
    await world.ask();
    const bodies = ['not JSON', '{"schema":"other/1"}', ...world.queue.receive(100)];
    const report = await deliver(aBatch(bodies));
    expect(report).toMatchObject({ kind: 'messages', rollouts: 1, deadLetters: 2 });
    const dead = deadLetters.sent.map((body) => JSON.parse(body));
    expect(dead.map(({ text }) => text)).toEqual(['not JSON', '{"schema":"other/1"}']);
    expect(world.ecs.calls['RebootInstances']).toBe(1);
  });

  test('for a rollout that does not exist are dead letters', async ({ expect }) => {
    const { deliver, deadLetters } = aRestart();
    const rolloutId = `ro-${'a'.repeat(26)}`;
    await deliver(aBatch([JSON.stringify({ schema: 'latchkey.wake/1', rolloutId })]));
    expect(deadLetters.sent).toHaveLength(1);
  });

  test('come again when a rollout cannot be moved on, after the others were', async ({
    expect,
  }) => {
    let broken = '';
    const down = new LatchkeyError('unavailable', 'Cannot load: OTSServerBusy');
    const { world, deliver } = aRestart([{ instanceId: 'i-a' }, { instanceId: 'i-b' }], {
      rollouts: (rollouts) =>
        new Proxy(rollouts, {
          get: (target, key) => {
            const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
            return (...args: unknown[]) =>
              key === 'load' && args[0] === broken
                ? Promise.reject(down)
                : method.apply(target, args);
          },
        }),
    });
    broken = rolloutIn(await world.ask({ instanceIds: ['i-a'] })).rolloutId;
    await world.ask({ instanceIds: ['i-b'] }, 'msg_2');
    await expect(deliver(aBatch(world.queue.receive(100)))).rejects.toBe(down);
    broken = '';
    await world.settle();
    expect(world.ecs.look('i-b').boots).toBe(1);
  });
});

describe('state-change events', () => {
  test('are remembered of held instances, and start nothing', async ({ expect }) => {
    const { world, deliver } = aRestart([{ instanceId: 'i-a' }, { instanceId: 'i-b' }]);
    await world.ask({ instanceIds: ['i-a'] });
    const saves = world.rollouts.saves;
    const at = new Date(world.now() + 5_000).toISOString();
    await deliver(aStateChange('i-a', 'Stopping', at));
    await deliver(aStateChange('i-b', 'Stopping', at));
    const memories = await world.memories.recall(['i-a', 'i-b']);
    expect(memories.get('i-a')?.notRunningAtMs).toBe(world.now() + 5_000);
    expect(memories.get('i-b')).toBeUndefined();
    expect(world.rollouts.saves).toBe(saves);
    expect(world.ecs.calls['RebootInstances']).toBeUndefined();
  });

  test('that show it Running are no evidence', async ({ expect }) => {
    const { world, deliver } = aRestart();
    await world.ask();
    await deliver(aStateChange('i-a', 'Running', new Date(world.now() + 5_000).toISOString()));
    const memories = await world.memories.recall(['i-a']);
    expect(memories.get('i-a')?.notRunningAtMs).toBeNull();
  });
});

describe('the timer', () => {
  test('moves on what no message moves', async ({ expect }) => {
    const { world, deliver } = aRestart();
    await world.ask();
    world.queue.receive(100);
    await deliver(TICK);
    expect(world.ecs.calls['RebootInstances']).toBe(1);
  });

  test('drops a place in the list whose rollout is done', async ({ expect }) => {
    const { world, deliver } = aRestart();
    const done = rolloutIn(await world.ask({ restart: 'never' }));
    await world.rollouts.create(done);
    // Somebody may be about to take it up again: the place comes first.
    await deliver(TICK);
    expect(await world.rollouts.open()).toHaveLength(1);
    world.pass(301_000);
    await deliver(TICK);
    expect(await world.rollouts.open()).toEqual([]);
  });

  test('drops a place whose rollout never came, but not before its maker is dead', async ({
    expect,
  }) => {
    const { world, deliver } = aRestart([{}], {
      rollouts: (rollouts) =>
        new Proxy(rollouts, {
          get: (target, key) => {
            const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
            return key === 'load' ? () => Promise.resolve(undefined) : method.bind(target);
          },
        }),
    });
    await world.ask();
    await deliver(TICK);
    expect(await world.rollouts.open()).toHaveLength(1);
    world.pass(301_000);
    await deliver(TICK);
    expect(await world.rollouts.open()).toEqual([]);
  });

  test('moves on all others when one row cannot be read', async ({ expect }) => {
    const bad = new Error('Cannot read rollout: a row of another making');
    let unreadable = '';
    const { world, deliver } = aRestart(
      [{ instanceId: 'i-a' }, { instanceId: 'i-b' }, { instanceId: 'i-c' }],
      {
        rollouts: (rollouts) =>
          new Proxy(rollouts, {
            get: (target, key) => {
              const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
              return (...args: unknown[]) =>
                key === 'load' && args[0] === unreadable
                  ? Promise.reject(bad)
                  : method.apply(target, args);
            },
          }),
      },
    );
    const asked = [];
    for (const id of ['i-a', 'i-b', 'i-c']) {
      asked.push(rolloutIn(await world.ask({ instanceIds: [id] }, `msg_${id}`)));
      world.pass(1);
    }
    unreadable = asked[0]!.rolloutId;
    await expect(deliver(TICK)).rejects.toBe(bad);
    const restarts = await Promise.all(
      asked.slice(1).map(async ({ rolloutId }) => (await world.rollout(rolloutId)).instances[0]!),
    );
    expect(restarts.map(({ restart }) => restart.kind)).toEqual(['booting', 'booting']);
  });
});

test('an event that is not JSON is thrown back, for the platform to keep', async ({ expect }) => {
  const { deliver } = aRestart();
  await expect(deliver(Buffer.from('no JSON'))).rejects.toMatchObject({ code: 'bad-request' });
});

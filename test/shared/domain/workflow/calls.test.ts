import type { OutMessage } from '../../../../shared/domain/model/messages.ts';
import { describe, test } from 'vitest';
import type { Ecs, Queue } from '../../../../shared/domain/model/ports.ts';
import { wavesOf, minimalCalls } from '../../../../bench/fleet/ideal.ts';
import { LIMITS } from '../../../../bench/fleet/limits.ts';
import { withMethods } from '../../../support/with-methods.ts';
import { aWorld, rolloutIn } from '../../../models/world.ts';

const THOUSAND = Array.from({ length: 1_000 }, (_, n) => ({ instanceId: `i-${n}` }));
/** Over by the first look: what boots for longer is looked at more often. */
const BOOT = { reactMs: 500, stoppingMs: 1_000, startingMs: 2_000 };
const HALVES = { maxUnavailable: '50%', ramp: 'canary', bakeSeconds: 0 } as const;

/** Keeps how many ids each call had, and how many calls were in flight at once. */
function sized(sizes: Record<string, number[]>, most: Record<string, number>) {
  const watched =
    <T>(name: string, call: (ids: readonly string[]) => Promise<T>) =>
    async (ids: readonly string[]): Promise<T> => {
      (sizes[name] ??= []).push(ids.length);
      inFlight[name] = (inFlight[name] ?? 0) + 1;
      most[name] = Math.max(most[name] ?? 0, inFlight[name]);
      await new Promise((resolve) => setImmediate(resolve));
      try {
        return await call(ids);
      } finally {
        inFlight[name] -= 1;
      }
    };
  const inFlight: Record<string, number> = {};
  return (ecs: Ecs): Ecs =>
    withMethods(ecs, {
      describeInstances: watched('describe', (ids) => ecs.describeInstances(ids)),
      rebootInstances: watched('reboot', (ids) => ecs.rebootInstances(ids)),
      attachKeyPair: (name, ids) => watched('attach', (some) => ecs.attachKeyPair(name, some))(ids),
    });
}

describe('a rollout of 1,000 instances', () => {
  test('makes no call to ECS more than there must be', async ({ expect }) => {
    const world = aWorld(THOUSAND, { boot: BOOT });
    const { rolloutId } = rolloutIn(await world.ask(HALVES));
    await world.settle();
    const { instances } = await world.rollout(rolloutId);
    expect(instances.every(({ restart }) => restart.kind === 'ready')).toBe(true);
    expect(world.ecs.calls).toEqual(minimalCalls(1_000, wavesOf(1_000, 500), LIMITS));
  });

  test('fills each call, and has ten in flight at once', async ({ expect }) => {
    const sizes: Record<string, number[]> = {};
    const most: Record<string, number> = {};
    const world = aWorld(THOUSAND, { boot: BOOT, ecs: sized(sizes, most) });
    await world.ask(HALVES);
    expect(sizes).toEqual({
      describe: Array.from({ length: 10 }, () => 100),
      attach: Array.from({ length: 20 }, () => 50),
    });
    expect(most).toEqual({ describe: 10, attach: 10 });
    await world.settle();
    const of500 = [100, 100, 100, 100, 100];
    expect(sizes['reboot']).toEqual([1, ...of500, ...of500.with(4, 99)]);
    // Twice each wave.
    const looks = [1, 1, ...of500, ...of500, ...of500.with(4, 99), ...of500.with(4, 99)];
    expect(sizes['describe']!.slice(10)).toEqual(looks);
  });

  test('tells its results a moment later, so that none of them wakes it before all are told', async ({
    expect,
  }) => {
    const sent: OutMessage[] = [];
    const keeping = (queue: Queue): Queue => ({
      send: (messages) => {
        sent.push(...messages);
        return queue.send(messages);
      },
    });
    await aWorld(THOUSAND, { queue: keeping }).ask(HALVES);
    const delays = sent.map(({ delaySeconds }) => delaySeconds);
    expect(delays).toEqual(Array.from({ length: 1_000 }, () => 1));
    sent.length = 0;
    await aWorld(THOUSAND.slice(0, 256), { queue: keeping }).ask(HALVES);
    expect(sent.map(({ delaySeconds }) => delaySeconds)).toEqual(
      Array.from({ length: 256 }, () => 0),
    );
  });
});

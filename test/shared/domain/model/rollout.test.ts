import { describe, test } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import { statusOf } from '../../../../shared/domain/model/outcome.ts';
import type { RolloutEvent } from '../../../../shared/domain/model/events.ts';
import type { Ecs } from '../../../../shared/domain/model/ports.ts';
import { step } from '../../../../shared/domain/workflow/step.ts';
import { aMoment } from '../../../models/builders.ts';
import { aWorld, rolloutIn } from '../../../models/world.ts';

describe('a rollout', () => {
  test('attaches, reboots what runs, and ends when everything is ready', async ({ expect }) => {
    const world = aWorld([{ instanceId: 'i-a' }, { instanceId: 'i-b', status: 'Stopped' }]);
    const begun = rolloutIn(await world.ask());

    expect(begun.instances.map(({ attach }) => attach.kind)).toEqual(['attached', 'attached']);
    expect(world.ecs.look('i-a').boots).toBe(0);
    await world.settle();

    const done = await world.rollout(begun.rolloutId);
    expect(done.phase).toBe('done');
    expect(done.instances.map(({ restart }) => restart.kind)).toEqual(['ready', 'none']);
    expect(world.ecs.look('i-a')).toMatchObject({ boots: 1, effectiveKeyPairName: 'ops' });
    expect(world.ecs.look('i-b')).toMatchObject({ boots: 0, keyPairName: 'ops' });
    expect(await world.rollouts.open()).toEqual([]);
  });

  test('starts Stopped ones where asked', async ({ expect }) => {
    const world = aWorld([{ status: 'Stopped' }]);
    const { rolloutId } = rolloutIn(await world.ask({ startStopped: true }));
    await world.settle();

    expect((await world.rollout(rolloutId)).instances[0]!.restart).toMatchObject({
      kind: 'ready',
      how: 'start',
    });
    expect(world.ecs.calls).toMatchObject({ StartInstances: 1 });
    expect(world.ecs.calls['RebootInstances']).toBeUndefined();
  });

  test('takes two Running reads 10 s apart to call an instance ready', async ({ expect }) => {
    const world = aWorld();
    const { rolloutId } = rolloutIn(await world.ask());
    await world.settle();

    const { history } = await world.rollout(rolloutId);
    const at = (what: string) => history.find((entry) => entry.what === what)!.atMs;
    expect(at('ready') - at('rebooted')).toBeGreaterThanOrEqual(10_000);
  });

  test('makes no more calls than needed for 1,000 instances', async ({ expect }) => {
    const world = aWorld(Array.from({ length: 1_000 }, (_, n) => ({ instanceId: `i-${n}` })));
    await world.ask();
    expect(world.ecs.calls).toEqual({
      DescribeKeyPairs: 1,
      DescribeInstances: 10,
      AttachKeyPair: 20,
    });
    await world.settle();
    expect(world.ecs.calls['RebootInstances']).toBe(10);
  });

  test('that only attaches is over with its answer', async ({ expect }) => {
    const world = aWorld();
    const rollout = rolloutIn(await world.ask({ restart: 'never' }));
    expect(rollout.phase).toBe('done');
    expect(await world.rollouts.open()).toEqual([]);
  });

  test('asked for again is the same rollout, and nothing happens twice', async ({ expect }) => {
    const world = aWorld();
    const first = rolloutIn(await world.ask());
    const calls = { ...world.ecs.calls };
    const again = await world.ask();
    expect(again).toMatchObject({ repeated: true, rollout: { rolloutId: first.rolloutId } });
    expect(world.ecs.calls).toEqual(calls);
  });

  test('publishes one result for each instance, once', async ({ expect }) => {
    const world = aWorld([{ instanceId: 'i-a' }, { instanceId: 'i-b', osType: 'windows' }]);
    await world.ask({ instanceIds: ['i-a', 'i-b', 'i-none'] });
    await world.settle();
    const results = world.queue.sent.filter((body) => body.includes('latchkey.result/1'));
    expect(results.map((body) => JSON.parse(body).instanceId as string).toSorted()).toEqual([
      'i-a',
      'i-b',
      'i-none',
    ]);
  });

  test('leaves an instance to the rollout that holds it', async ({ expect }) => {
    const world = aWorld();
    const first = rolloutIn(await world.ask());
    const second = rolloutIn(await world.ask({}, 'msg_2'));
    expect(second.instances[0]!.attach).toMatchObject({
      kind: 'skipped',
      reason: 'busy',
      detail: first.rolloutId,
    });
    await world.settle();
    expect(world.ecs.look('i-a').boots).toBe(1);
  });

  test('remembers what it bound and saw ready: the next one skips it as effective', async ({
    expect,
  }) => {
    const world = aWorld();
    await world.ask();
    await world.settle();
    const next = rolloutIn(await world.ask({}, 'msg_2'));
    expect(next.instances[0]).toMatchObject({
      attach: { kind: 'skipped', reason: 'already-attached', effective: 'yes' },
      restart: { kind: 'none' },
    });
  });

  test('restarts what was bound by Latchkey and not restarted since', async ({ expect }) => {
    const world = aWorld();
    await world.ask({ restart: 'never' });
    const next = rolloutIn(await world.ask({}, 'msg_2'));
    expect(next.instances[0]!.attach).toMatchObject({ effective: 'no' });
    await world.settle();
    expect(world.ecs.look('i-a')).toMatchObject({ boots: 1, effectiveKeyPairName: 'ops' });
    expect(world.ecs.calls['AttachKeyPair']).toBe(1);
  });

  test('restarts what is bound since nobody knows when only if told to', async ({ expect }) => {
    const world = aWorld([{ keyPairName: 'ops' }]);
    const first = rolloutIn(await world.ask());
    expect(first).toMatchObject({ phase: 'done' });
    expect(first.instances[0]!.attach).toMatchObject({ effective: 'unknown' });
    await world.ask({ restartAlreadyAttached: true }, 'msg_2');
    await world.settle();
    expect(world.ecs.look('i-a').boots).toBe(1);
    const third = rolloutIn(await world.ask({}, 'msg_3'));
    expect(third.instances[0]!.attach).toMatchObject({ effective: 'yes' });
  });

  test('waits for an instance that is still being created', async ({ expect }) => {
    const world = aWorld([{ status: 'Pending' }]);
    const { rolloutId } = rolloutIn(await world.ask());
    await world.settle(12_000);
    expect((await world.rollout(rolloutId)).instances[0]!.attach.kind).toBe('waiting');
    world.ecs.change('i-a', { status: 'Running' });
    await world.settle();
    expect(await world.rollout(rolloutId)).toMatchObject({ phase: 'done' });
    expect(world.ecs.look('i-a').effectiveKeyPairName).toBe('ops');
  });
});

describe('what a first look missed', () => {
  /** ECS that leaves everything out of its answers while `isBlind`. */
  function blindable() {
    const eyes = { isBlind: false };
    const ecs = (real: Ecs): Ecs => ({
      describeInstances: async (ids) => (eyes.isBlind ? [] : real.describeInstances(ids)),
      describeGroup: (key, values) => real.describeGroup(key, values),
      selectInstances: (selector, atMost) => real.selectInstances(selector, atMost),
      findKeyPair: (name) => real.findKeyPair(name),
      attachKeyPair: (name, ids) => real.attachKeyPair(name, ids),
      detachKeyPair: (name, ids) => real.detachKeyPair(name, ids),
      rebootInstances: (ids) => real.rebootInstances(ids),
      startInstances: (ids) => real.startInstances(ids),
      rehearse: (how) => real.rehearse(how),
    });
    return { eyes, ecs };
  }

  test('one answer without a booting instance does not fail it', async ({ expect }) => {
    const { eyes, ecs } = blindable();
    const world = aWorld([{}], { ecs });
    const { rolloutId } = rolloutIn(await world.ask());
    await world.settle(1_000);
    eyes.isBlind = true;
    await world.settle(8_000);
    expect((await world.rollout(rolloutId)).instances[0]!.missingSinceMs).not.toBeNull();
    eyes.isBlind = false;
    await world.settle();
    expect((await world.rollout(rolloutId)).instances[0]).toMatchObject({
      missingSinceMs: null,
      restart: { kind: 'ready' },
    });
  });

  test('an instance missing for a minute is released', async ({ expect }) => {
    const world = aWorld([{ instanceId: 'i-a' }, { instanceId: 'i-b', status: 'Pending' }]);
    const { rolloutId } = rolloutIn(await world.ask());
    await world.settle(1_000);
    world.ecs.release('i-a');
    world.ecs.release('i-b');
    await world.settle();
    const done = await world.rollout(rolloutId);
    expect(done.phase).toBe('done');
    expect(done.instances[0]!.restart).toMatchObject({ kind: 'failed', code: 'InstanceReleased' });
    expect(done.instances[1]!.attach).toMatchObject({ kind: 'skipped', reason: 'released' });
  });

  test('bound to another key pair meanwhile is told, not called ready', async ({ expect }) => {
    const world = aWorld();
    const { rolloutId } = rolloutIn(await world.ask());
    await world.settle(1_000);
    world.ecs.change('i-a', { keyPairName: 'theirs' });
    await world.settle();
    expect((await world.rollout(rolloutId)).instances[0]!.restart).toMatchObject({
      kind: 'failed',
      code: 'BoundToAnother',
      message: expect.stringContaining('theirs'),
    });
  });
});

test('an instance taken by another between plan and hold is busy', async ({ expect }) => {
  let rival: string | undefined;
  const world = aWorld([{}], {
    memories: (memories) => ({
      recall: (ids) => memories.recall(ids),
      release: (id, all) => memories.release(id, all),
      witness: (id, atMs) => memories.witness(id, atMs),
      claimLaunch: (...claim) => memories.claimLaunch(...claim),
      hold: async (rolloutId, ids) => {
        if (rival === undefined) await memories.hold((rival = 'ro-rival'), ids);
        return memories.hold(rolloutId, ids);
      },
    }),
  });
  const rollout = rolloutIn(await world.ask());
  expect(rollout.phase).toBe('done');
  expect(rollout.instances[0]).toMatchObject({
    attach: { kind: 'skipped', reason: 'busy', detail: 'ro-rival' },
    restart: { kind: 'none' },
  });
  expect(world.ecs.calls['AttachKeyPair']).toBeUndefined();
});

test('a refused batch is halved to find the one to blame, in few calls', async ({ expect }) => {
  const ids = Array.from({ length: 50 }, (_, n) => ({ instanceId: `i-${n}` }));
  const refused =
    (all: boolean) =>
    (ecs: Ecs): Ecs =>
      new Proxy(ecs, {
        get: (target, key) => {
          const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
          if (key !== 'attachKeyPair') return method.bind(target);
          return (name: string, batch: readonly string[]) => {
            if (!all && !batch.includes('i-7')) return target.attachKeyPair(name, batch);
            calls += 1;
            throw new LatchkeyError('refused', 'Cannot AttachKeyPair', {
              vendorCode: 'InvalidInstanceIds.ValueNotSupported',
              blamesOneInstance: true,
            });
          };
        },
      });
  let calls = 0;
  const one = rolloutIn(await aWorld(ids, { ecs: refused(false) }).ask());
  expect(one.instances.filter(({ attach }) => attach.kind === 'failed')).toMatchObject([
    { instanceId: 'i-7' },
  ]);
  calls = 0;
  const every = rolloutIn(await aWorld(ids, { ecs: refused(true) }).ask());
  expect(every.instances.every(({ attach }) => attach.kind === 'failed')).toBe(true);
  expect(calls).toBeLessThanOrEqual(17);
});

/** The model with one action that fails first, before or after its effect. */
function failing(action: keyof Ecs, error: LatchkeyError, when: 'before' | 'after') {
  return (ecs: Ecs): Ecs => {
    let left = 1;
    return new Proxy(ecs, {
      get(target, key) {
        const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
        if (key !== action) return method.bind(target);
        return async (...args: unknown[]) => {
          if (left-- <= 0) return method.apply(target, args);
          if (when === 'after') await method.apply(target, args);
          throw error;
        };
      },
    });
  };
}

const lost = new LatchkeyError('timeout', 'Cannot read the answer: out of time');

describe('when answers are lost', () => {
  test('an attach without an answer is unknown, then settled by looking', async ({ expect }) => {
    const world = aWorld([{}], { ecs: failing('attachKeyPair', lost, 'after') });
    const begun = rolloutIn(await world.ask());
    expect(begun.instances[0]!.attach).toMatchObject({ kind: 'unknown', code: 'timeout' });
    await world.settle();
    expect((await world.rollout(begun.rolloutId)).instances[0]!.attach.kind).toBe('attached');
    expect(world.ecs.calls['AttachKeyPair']).toBe(1);
  });

  test('an attach that never arrived is asked for again', async ({ expect }) => {
    const world = aWorld([{}], { ecs: failing('attachKeyPair', lost, 'before') });
    const begun = rolloutIn(await world.ask());
    await world.settle();
    expect((await world.rollout(begun.rolloutId)).instances[0]!.attach.kind).toBe('attached');
    expect(world.ecs.look('i-a').boots).toBe(1);
  });

  test('a reboot without an answer is settled by what was seen, never repeated', async ({
    expect,
  }) => {
    const world = aWorld([{}], { ecs: failing('rebootInstances', lost, 'after') });
    const { rolloutId } = rolloutIn(await world.ask());
    await world.settle(1_000);
    expect((await world.rollout(rolloutId)).instances[0]!.restart.kind).toBe('claimed');
    world.pass(20_000);
    world.ecs.look('i-a');
    for (const { instanceId, state, atMs } of world.ecs.stateChanges) {
      if (state !== 'Running') await world.memories.witness(instanceId, atMs);
    }
    await world.settle();
    expect((await world.rollout(rolloutId)).instances[0]!.restart).toMatchObject({
      kind: 'ready',
      proof: 'observed',
    });
    expect(world.ecs.look('i-a').boots).toBe(1);
  });

  test('a reboot without an answer and without evidence is unknown, not repeated', async ({
    expect,
  }) => {
    const world = aWorld([{}], { ecs: failing('rebootInstances', lost, 'before') });
    const { rolloutId } = rolloutIn(await world.ask());
    await world.settle();
    const rollout = await world.rollout(rolloutId);
    expect(rollout.instances[0]!.restart).toMatchObject({ kind: 'unknown', code: 'NoEvidence' });
    expect(rollout.phase).toBe('done');
    expect(world.ecs.calls['RebootInstances']).toBeUndefined();
    expect(world.ecs.look('i-a').boots).toBe(0);
  });

  test('a throttled attach waits for the next minute, the rest goes on', async ({ expect }) => {
    const throttled = new LatchkeyError('throttled', 'Cannot AttachKeyPair: Throttling.User', {
      vendorCode: 'Throttling.User',
    });
    const ids = Array.from({ length: 60 }, (_, n) => ({ instanceId: `i-${n}` }));
    const world = aWorld(ids, { ecs: failing('attachKeyPair', throttled, 'before') });
    const begun = rolloutIn(await world.ask());
    const waiting = begun.instances.filter(({ attach }) => attach.kind === 'waiting');
    expect(waiting.length).toBeGreaterThanOrEqual(50);
    expect(waiting[0]!.attach).toMatchObject({
      reason: 'throttled',
      untilMs: (Math.floor(world.now() / 60_000) + 1) * 60_000,
    });
    await world.settle();
    const done = await world.rollout(begun.rolloutId);
    expect(done.instances.every(({ restart }) => restart.kind === 'ready')).toBe(true);
  });

  test('a reboot that certainly did not happen is claimed and asked for again', async ({
    expect,
  }) => {
    const refused = new LatchkeyError('unreachable', 'Cannot connect');
    const world = aWorld([{}], { ecs: failing('rebootInstances', refused, 'before') });
    const { rolloutId } = rolloutIn(await world.ask());
    await world.settle();
    expect((await world.rollout(rolloutId)).instances[0]!.restart).toMatchObject({
      kind: 'ready',
      attempt: 2,
    });
    expect(world.ecs.look('i-a').boots).toBe(1);
  });
});

test('that one to be started is Running is no evidence that Latchkey started it', async ({
  expect,
}) => {
  const world = aWorld([{ status: 'Stopped' }], { ecs: failing('startInstances', lost, 'before') });
  const { rolloutId } = rolloutIn(await world.ask({ startStopped: true }));
  // Somebody started it before it was attached, so it runs with what was bound then.
  world.ecs.change('i-a', { status: 'Running' });
  await world.settle();
  expect((await world.rollout(rolloutId)).instances[0]!.restart).toMatchObject({
    kind: 'unknown',
    code: 'NoEvidence',
  });
});

test('a look from before the restart, told late, does not fail it', async ({ expect }) => {
  const world = aWorld();
  const { rolloutId } = rolloutIn(await world.ask());
  const before = await world.ports.ecs.describeInstances(['i-a']);
  const snapshots = new Map(before.map((one) => [one.instanceId, { ...one, keyPairName: 'old' }]));
  const atMs = world.now();
  world.pass(1);
  await world.settle(1_000);
  const booting = await world.rollout(rolloutId);
  expect(booting.instances[0]!.restart.kind).toBe('booting');
  const looked = { kind: 'looked', atMs, instanceIds: ['i-a'], snapshots, memories: new Map() };
  const moment = aMoment({ nowMs: world.now() });
  const after = step(booting, looked as RolloutEvent, moment).rollout;
  expect(after.instances[0]!.restart.kind).toBe('booting');
});

describe('a restart in doubt', () => {
  test('is not repeated by the next request, unless that says so', async ({ expect }) => {
    const world = aWorld([{}], { ecs: failing('rebootInstances', lost, 'after') });
    await world.ask();
    await world.settle();
    const next = rolloutIn(await world.ask({}, 'msg_2'));
    expect(next.instances[0]!.attach).toMatchObject({ effective: 'unknown' });
    await world.settle();
    expect(world.ecs.look('i-a').boots).toBe(1);
    await world.ask({ restartAlreadyAttached: true }, 'msg_3');
    await world.settle();
    expect(world.ecs.look('i-a').boots).toBe(2);
  });
});

describe('when the queue is down', () => {
  test('results wait in the outbox, and the next tick sends them', async ({ expect }) => {
    let isDown = true;
    const down = new LatchkeyError('unavailable', 'Cannot send');
    const world = aWorld([{}], {
      queue: (queue) => ({
        send: async (messages) => (isDown ? messages.map(() => down) : queue.send(messages)),
      }),
    });
    const begun = rolloutIn(await world.ask({ restart: 'never' }));
    expect(begun).toMatchObject({ phase: 'open', outbox: [0] });
    world.pass(60_000);
    await world.tick();
    isDown = false;
    world.pass(60_000);
    await world.tick();
    expect(await world.rollout(begun.rolloutId)).toMatchObject({ phase: 'done', outbox: [] });
    expect(world.queue.sent.filter((body) => body.includes('result/1'))).toHaveLength(1);
  });
});

describe('when its owner dies', () => {
  const dead = new Error('the process is gone');

  test('between creating and attaching, the timer carries on when the owner is surely dead', async ({
    expect,
  }) => {
    let alive = false;
    const world = aWorld([{}], {
      memories: (memories) =>
        new Proxy(memories, {
          get: (target, key) => {
            const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
            if (key === 'hold' && !alive) return () => Promise.reject(dead);
            return method.bind(target);
          },
        }),
    });
    await expect(world.ask()).rejects.toBe(dead);
    alive = true;
    await world.tick();
    expect(world.ecs.calls['AttachKeyPair']).toBeUndefined();
    world.pass(151_000);
    await world.tick();
    await world.settle();
    expect(world.ecs.look('i-a')).toMatchObject({ boots: 1, effectiveKeyPairName: 'ops' });
    expect(await world.rollouts.open()).toEqual([]);
  });

  test('while it gives the instances back, the timer does, and until then it is not done', async ({
    expect,
  }) => {
    let alive = false;
    const world = aWorld([{}], {
      memories: (memories) => ({
        recall: (ids) => memories.recall(ids),
        hold: (id, ids) => memories.hold(id, ids),
        witness: (id, atMs) => memories.witness(id, atMs),
        claimLaunch: (...claim) => memories.claimLaunch(...claim),
        release: (id, all) => (alive ? memories.release(id, all) : Promise.reject(dead)),
      }),
    });
    await expect(world.ask({ restart: 'never' })).rejects.toBe(dead);
    const [entry] = await world.rollouts.open();
    expect(statusOf(await world.rollout(entry!.rolloutId))).toBe('finishing');
    alive = true;
    world.pass(151_000);
    await world.tick();
    expect(await world.rollout(entry!.rolloutId)).toMatchObject({ phase: 'done' });
    expect((await world.memories.recall(['i-a'])).get('i-a')?.holder).toBeNull();
  });

  test('in the middle of an attach, each instance waits for its own owner only', async ({
    expect,
  }) => {
    const many = Array.from({ length: 5 }, (_, n) => ({
      instanceId: `i-${n}`,
      status: 'Pending' as const,
    }));
    let killed = false;
    const world = aWorld(many, {
      ecs: (ecs) =>
        new Proxy(ecs, {
          get: (target, key) => {
            const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
            if (key !== 'attachKeyPair' || killed) return method.bind(target);
            return () => {
              killed = true;
              return Promise.reject(dead);
            };
          },
        }),
    });
    const { rolloutId } = rolloutIn(await world.ask());
    world.ecs.change('i-0', { status: 'Running' });
    await expect(world.settle()).rejects.toBe(dead);
    const diedAtMs = world.now();
    for (const n of [1, 2, 3]) {
      world.ecs.change(`i-${n}`, { status: 'Running' });
      await world.tick();
      world.pass(60_000);
    }
    await world.tick();
    const [first] = (await world.rollout(rolloutId)).instances;
    expect(first!.attach.kind).toBe('attached');
    expect(world.now() - diedAtMs).toBeLessThan(200_000);
  });

  test('between the call and the save, evidence settles it and nothing boots twice', async ({
    expect,
  }) => {
    let killAtSave = false;
    const world = aWorld([{}], {
      ecs: (ecs) =>
        new Proxy(ecs, {
          get: (target, key) => {
            const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
            if (key === 'rebootInstances') killAtSave = true;
            return method.bind(target);
          },
        }),
      rollouts: (rollouts) =>
        new Proxy(rollouts, {
          get: (target, key) => {
            const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
            if (key !== 'save' || !killAtSave) return method.bind(target);
            return () => {
              killAtSave = false;
              return Promise.reject(dead);
            };
          },
        }),
    });
    const { rolloutId } = rolloutIn(await world.ask());
    await expect(world.settle()).rejects.toBe(dead);
    world.pass(151_000);
    await world.memories.witness('i-a', world.now() - 150_000);
    await world.tick();
    await world.settle();
    expect((await world.rollout(rolloutId)).instances[0]!.restart).toMatchObject({
      kind: 'ready',
      proof: 'observed',
    });
    expect(world.ecs.look('i-a').boots).toBe(1);
  });
});

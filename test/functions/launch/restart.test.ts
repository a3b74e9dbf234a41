import { describe, test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type { Ecs } from '../../../shared/domain/model/ports.ts';
import { aLaunchRule, NOW_MS } from '../../models/builders.ts';
import { aLaunchEvent, aStateChange } from '../../support/cloud-events.ts';
import { rolloutIn } from '../../models/world.ts';
import { aLaunchWorld } from '../../support/launch-world.ts';

const WEB = aLaunchRule({ name: 'web', match: { tags: { team: 'web' } } });
const BUILD = aLaunchRule({ name: 'build', match: { namePrefix: 'build-' }, restart: false });
const web = { tags: { team: 'web' }, createdAtMs: NOW_MS };
const NOW = new Date(NOW_MS).toISOString();

const created = (id: string) => aStateChange(id, 'Created', NOW);
const run = (instanceIds: readonly string[], data: Record<string, unknown> = {}) =>
  aLaunchEvent({ instanceIds, time: NOW, data });

function scaledOut(instanceIds: readonly string[], time = NOW): Buffer {
  return Buffer.from(
    JSON.stringify({
      id: 'ess-1',
      source: 'acs.ess',
      type: 'ess:ScalingActivity:ScaleOutSuccess',
      time,
      aliyunregionid: 'cn-hangzhou',
      data: { scalingGroupId: 'asg-1', instanceIds },
    }),
  );
}

/** The model of ECS, with the methods of `over` in place of its own. */
const withEcs = (over: (ecs: Ecs) => Partial<Ecs>) => ({
  ecs: (ecs: Ecs): Ecs =>
    new Proxy(ecs, {
      get: (target, key) => {
        const given = over(target)[key as keyof Ecs] as unknown;
        if (given !== undefined) return given;
        const method = Reflect.get(target, key) as (...args: unknown[]) => unknown;
        return method.bind(target);
      },
    }),
});

describe('an instance that a rule matches', () => {
  test.for<[string, Buffer]>([
    ['an API call', run(['i-a'])],
    ['a state change', created('i-a')],
    ['a scale-out', scaledOut(['i-a'])],
  ])('is attached and rebooted after %s', async ([, event], { expect }) => {
    const { world, tell, settle } = aLaunchWorld([web], [WEB]);
    await tell(event);
    await settle();
    expect(world.ecs.look('i-a')).toMatchObject({ boots: 1, effectiveKeyPairName: 'ops' });
  });

  test('is not restarted when its rule says so', async ({ expect }) => {
    const { world, tell, settle } = aLaunchWorld([{ name: 'build-7' }], [WEB, BUILD]);
    await tell(created('i-a'));
    await settle();
    expect(world.ecs.look('i-a')).toMatchObject({ boots: 0, keyPairName: 'ops' });
  });

  test('waits until it is no longer Pending', async ({ expect }) => {
    const { world, tell, settle } = aLaunchWorld([{ ...web, status: 'Pending' }], [WEB]);
    await tell(created('i-a'));
    await settle(60_000);
    expect(world.ecs.calls['AttachKeyPair']).toBeUndefined();
    world.ecs.change('i-a', { status: 'Running' });
    await settle();
    expect(world.ecs.look('i-a')).toMatchObject({ boots: 1, effectiveKeyPairName: 'ops' });
  });

  test('stays stopped when it was launched by CreateInstance', async ({ expect }) => {
    const { world, tell, settle } = aLaunchWorld([{ ...web, status: 'Pending' }], [WEB]);
    const data = { eventName: 'CreateInstance', responseElements: { InstanceId: 'i-a' } };
    await tell(run([], data));
    world.ecs.change('i-a', { status: 'Stopped' });
    await settle();
    expect(world.ecs.look('i-a')).toMatchObject({
      boots: 0,
      keyPairName: 'ops',
      status: 'Stopped',
    });
  });

  test('has a rollout that names the rule and the caller', async ({ expect }) => {
    const launches = aLaunchWorld([web], [WEB]);
    await launches.tell(run(['i-a']));
    await launches.settle();
    expect(launches.rollouts()).toMatchObject([
      {
        origin: { door: 'launch', client: 'web' },
        request: { note: 'RunInstances by lin', launch: { replace: false } },
      },
    ]);
  });

  test('is nothing when no rule matches', async ({ expect }) => {
    const launches = aLaunchWorld([{}], [WEB, BUILD]);
    await launches.tell(created('i-a'));
    await launches.settle();
    expect(launches.rollouts()).toEqual([]);
    expect(launches.world.ecs.look('i-a').keyPairName).toBeNull();
    expect(launches.deadLetters.sent).toEqual([]);
  });
});

describe('one instance', () => {
  test('reported by every source, twice and in any order, has one rollout', async ({ expect }) => {
    const launches = aLaunchWorld([web], [WEB]);
    const events = [created('i-a'), run(['i-a']), scaledOut(['i-a'])];
    for (const event of [...events, ...events.toReversed()]) await launches.tell(event);
    await launches.settle();
    expect(launches.rollouts()).toHaveLength(1);
    expect(launches.world.ecs.look('i-a').boots).toBe(1);
  });

  test('whose API call is reported ten minutes later has one rollout', async ({ expect }) => {
    const launches = aLaunchWorld([web], [WEB]);
    await launches.tell(created('i-a'));
    await launches.settle();
    launches.world.pass(600_000);
    const described = launches.world.ecs.calls['DescribeInstances'];
    await launches.tell(run(['i-a']));
    await launches.settle();
    expect(launches.rollouts()).toHaveLength(1);
    // No call to ECS is made for a launch that has a rollout already.
    expect(launches.world.ecs.calls['DescribeInstances']).toBe(described);
  });

  test('in a rollout of a person is skipped as busy', async ({ expect }) => {
    const launches = aLaunchWorld([web], [WEB]);
    await launches.world.ask({ bakeSeconds: 600 });
    await launches.tell(created('i-a'));
    await launches.settle(20_000);
    expect(launches.rollouts()).toMatchObject([
      { instances: [{ attach: { kind: 'skipped', reason: 'busy' } }] },
    ]);
  });
});

describe('launches at the same time', () => {
  test('become one rollout for each rule', async ({ expect }) => {
    const snapshots = Array.from({ length: 300 }, (_, n) =>
      n % 2 === 0 ? { instanceId: `i-${n}`, ...web } : { instanceId: `i-${n}`, name: 'build-1' },
    );
    const launches = aLaunchWorld(snapshots, [WEB, BUILD]);
    for (const { instanceId } of snapshots) await launches.tell(created(instanceId));
    await launches.settle();
    const [first, second] = launches.rollouts();
    expect(launches.rollouts()).toHaveLength(2);
    expect([first, second].map((one) => one?.instances.length)).toEqual([150, 150]);
    expect(launches.world.ecs.calls['AttachKeyPair']).toBe(6);
  });

  test('become several rollouts when a rule matches more instances than one rollout can have', async ({
    expect,
  }) => {
    const ids = Array.from({ length: 1_100 }, (_, n) => `i-${n}`);
    const launches = aLaunchWorld(
      ids.map((instanceId) => ({ instanceId, ...web })),
      [{ ...WEB, restart: false }],
    );
    await launches.tell(run(ids));
    await launches.settle();
    const sizes = launches.rollouts().map(({ instances }) => instances.length);
    expect(sizes.toSorted((a, b) => a - b)).toEqual([100, 1_000]);
  });
});

describe('a rule', () => {
  test('with a delay starts its rollout after the delay', async ({ expect }) => {
    const launches = aLaunchWorld([web], [{ ...WEB, delaySeconds: 3_600 }]);
    await launches.tell(created('i-a'));
    await launches.settle(3_599_000);
    expect(launches.rollouts()).toEqual([]);
    await launches.settle();
    const [rollout] = launches.rollouts();
    expect(rollout!.createdAtMs).toBeGreaterThanOrEqual(NOW_MS + 3_600_000);
    expect(rollout!.createdAtMs).toBeLessThan(NOW_MS + 3_600_000 + 20_000);
  });

  test('with a condition on the caller waits for ActionTrail, and no later rule applies before', async ({
    expect,
  }) => {
    const byLin = aLaunchRule({ name: 'lin', match: { launchedBy: ['lin'] }, keyPairName: 'old' });
    const launches = aLaunchWorld([web], [byLin, WEB]);
    await launches.tell(created('i-a'));
    await launches.settle(600_000);
    expect(launches.rollouts()).toEqual([]);
    await launches.tell(run(['i-a']));
    await launches.settle();
    expect(launches.rollouts()).toMatchObject([{ origin: { client: 'lin' } }]);
    expect(launches.world.ecs.look('i-a').keyPairName).toBe('old');
  });

  test('with a condition on the caller does not apply when ActionTrail never reports', async ({
    expect,
  }) => {
    const byLin = aLaunchRule({ name: 'lin', match: { launchedBy: ['lin'] } });
    const launches = aLaunchWorld([web], [byLin, WEB]);
    await launches.tell(created('i-a'));
    await launches.settle(899_000);
    expect(launches.rollouts()).toEqual([]);
    await launches.settle();
    expect(launches.rollouts()).toMatchObject([{ origin: { client: 'web' } }]);
  });

  test('uses the fields of every event about the instance', async ({ expect }) => {
    const both = aLaunchRule({ match: { launchTemplates: ['lt-1'], accountIds: ['1000'] } });
    const launches = aLaunchWorld([web], [both]);
    const told = { requestParameters: { LaunchTemplateId: 'lt-1' }, userIdentity: undefined };
    await launches.tell(run(['i-a'], told));
    const accountTold = JSON.parse(created('i-a').toString()) as object;
    await launches.tell(Buffer.from(JSON.stringify({ ...accountTold, aliyunaccountid: '1000' })));
    await launches.settle(30_000);
    expect(launches.rollouts()).toHaveLength(1);
  });

  test('with the fingerprint of another key pair makes a dead letter, and other rules go on', async ({
    expect,
  }) => {
    const launches = aLaunchWorld(
      [
        { instanceId: 'i-a', ...web },
        { instanceId: 'i-b', name: 'build-1' },
      ],
      [{ ...WEB, fingerprint: 'fp-of-last-year' }, BUILD],
    );
    await launches.tell(run(['i-a', 'i-b']));
    await launches.settle();
    expect(launches.rollouts()).toMatchObject([{ origin: { client: 'build' } }]);
    expect(launches.world.ecs.look('i-a').keyPairName).toBeNull();
    const [letter, ...others] = launches.dead();
    expect(others).toEqual([]);
    expect(letter!.why).toContain('its fingerprint is fp-ops, not fp-of-last-year');
    expect(JSON.parse(letter!.text)).toMatchObject({
      schema: 'latchkey.launch/1',
      instanceId: 'i-a',
    });
  });

  test('with a key pair that does not exist makes a dead letter that can be sent again', async ({
    expect,
  }) => {
    const launches = aLaunchWorld([web], [{ ...WEB, keyPairName: 'gone' }]);
    await launches.tell(created('i-a'));
    await launches.settle();
    const [letter] = launches.dead();
    expect(letter!.why).toContain('"gone" does not exist');
    const mended = aLaunchWorld([web], [WEB]);
    await mended.deliver([letter!.text]);
    await mended.settle();
    expect(mended.world.ecs.look('i-a').keyPairName).toBe('ops');
  });
});

describe('an instance that ECS does not list', () => {
  test('yet is tried again', async ({ expect }) => {
    let hidden = true;
    const launches = aLaunchWorld(
      [web],
      [WEB],
      withEcs((ecs) => ({
        describeInstances: async (ids) => (hidden ? [] : ecs.describeInstances(ids)),
      })),
    );
    await launches.tell(created('i-a'));
    await launches.settle(45_000);
    hidden = false;
    await launches.settle();
    expect(launches.world.ecs.look('i-a').keyPairName).toBe('ops');
  });

  test('for long is given up', async ({ expect }) => {
    const launches = aLaunchWorld([], [WEB]);
    await launches.tell(created('i-a'));
    await launches.settle(60_000);
    expect(launches.world.queue.nextMs()).toBeDefined();
    await launches.settle();
    expect(launches.world.now()).toBeLessThan(NOW_MS + 150_000);
    expect(launches.dead()).toEqual([]);
  });
});

test('a stopped instance that a scaling activity starts is not a launch', async ({ expect }) => {
  const launches = aLaunchWorld([{ ...web, createdAtMs: NOW_MS - 86_400_000 }], [WEB]);
  await launches.tell(scaledOut(['i-a']));
  await launches.settle();
  expect(launches.rollouts()).toEqual([]);
});

describe('a launch that was claimed for a rollout', () => {
  test('that was never created is taken over once its owner has certainly ended', async ({
    expect,
  }) => {
    const launches = aLaunchWorld([web], [WEB]);
    const untilMs = NOW_MS + 150_000;
    await launches.world.memories.claimLaunch('ro-of-somebody', ['i-a'], untilMs);
    await launches.tell(created('i-a'));
    await launches.settle(150_000);
    expect(launches.rollouts()).toEqual([]);
    await launches.settle();
    expect(launches.rollouts()).toHaveLength(1);
    expect(launches.rollouts()[0]!.createdAtMs).toBeGreaterThan(untilMs);
  });

  test('that exists without the instance is free for another rollout', async ({ expect }) => {
    const launches = aLaunchWorld([{ instanceId: 'i-a', ...web }, { instanceId: 'i-b' }], [WEB]);
    const other = rolloutIn(await launches.world.ask({ instanceIds: ['i-b'] }));
    const untilMs = NOW_MS + 150_000;
    await launches.world.memories.claimLaunch(other.rolloutId, ['i-a'], untilMs);
    await launches.tell(created('i-a'));
    await launches.settle(30_000);
    expect(launches.rollouts()).toHaveLength(1);
  });

  test('delays no other instance of its batch', async ({ expect }) => {
    const both = ['i-a', 'i-b'].map((instanceId) => ({ instanceId, ...web }));
    const launches = aLaunchWorld(both, [WEB]);
    await launches.world.memories.claimLaunch('ro-of-somebody', ['i-a'], NOW_MS + 150_000);
    await launches.tell(run(['i-a', 'i-b']));
    await launches.settle(30_000);
    expect(launches.rollouts()).toMatchObject([{ instances: [{ instanceId: 'i-b' }] }]);
    await launches.settle();
    expect(launches.rollouts()).toHaveLength(2);
  });
});

test('instances beyond the limit of one invocation are left to the next', async ({ expect }) => {
  const ids = Array.from({ length: 2_050 }, (_, n) => `i-${n}`);
  const launches = aLaunchWorld(
    ids.map((instanceId) => ({ instanceId })),
    [WEB],
  );
  await launches.tell(run(ids));
  for (let n = 0; n < 21; n++) await launches.deliver(launches.world.queue.receive(100));
  launches.world.pass(20_000);
  await launches.deliver(launches.world.queue.receive(100));
  expect(launches.world.ecs.calls['DescribeInstances']).toBe(20);
  await launches.settle();
  expect(launches.world.ecs.calls['DescribeInstances']).toBe(21);
});

test('a launch with a time in the future counts as a launch of now', async ({ expect }) => {
  const launches = aLaunchWorld([], [WEB]);
  await launches.tell(aStateChange('i-a', 'Created', '2099-01-01T00:00:00Z'));
  await launches.settle();
  expect(launches.world.now()).toBeLessThan(NOW_MS + 200_000);
});

test('messages for another region start nothing', async ({ expect }) => {
  const launches = aLaunchWorld([web], [WEB]);
  await launches.tell(created('i-a'));
  const [body] = launches.world.queue.receive(1);
  await launches.deliver([body!.replace('cn-hangzhou', 'cn-beijing')]);
  await launches.settle();
  expect(launches.rollouts()).toEqual([]);
});

describe('when the cloud fails', () => {
  const throttled = new LatchkeyError('throttled', 'Cannot DescribeInstances: Throttling', {
    retryAtMs: NOW_MS + 120_000,
  });

  test('launches wait as long as the cloud says, and are then handled', async ({ expect }) => {
    let refused = 0;
    const launches = aLaunchWorld(
      [web],
      [WEB],
      withEcs((ecs) => ({
        describeInstances: async (ids) => {
          if (launches.world.now() >= NOW_MS + 120_000) return ecs.describeInstances(ids);
          refused += 1;
          throw throttled;
        },
      })),
    );
    await launches.tell(created('i-a'));
    await launches.settle();
    expect(launches.world.ecs.look('i-a').keyPairName).toBe('ops');
    expect(refused).toBe(1);
  });

  test('for more than an hour, launches become dead letters', async ({ expect }) => {
    const down = new LatchkeyError('unavailable', 'Cannot DescribeInstances: 503');
    const launches = aLaunchWorld(
      [web],
      [WEB],
      withEcs(() => ({
        describeInstances: () => Promise.reject(down),
      })),
    );
    await launches.tell(created('i-a'));
    await launches.settle(3_600_000);
    expect(launches.dead()).toEqual([]);
    await launches.settle(7_200_000);
    expect(launches.dead()).toMatchObject([{ why: down.message }]);
    expect(JSON.parse(launches.dead()[0]!.text)).toMatchObject({ instanceId: 'i-a', tries: 0 });
  });

  test('a bug in one rule stops no other rule and no rollout, and the batch is delivered again', async ({
    expect,
  }) => {
    const bug = new TypeError('Cannot read properties of undefined');
    let isBroken = true;
    const launches = aLaunchWorld(
      [
        { instanceId: 'i-a', ...web },
        { instanceId: 'i-b', name: 'build-1' },
        { instanceId: 'i-c' },
      ],
      [WEB, { ...BUILD, keyPairName: 'old' }],
      withEcs((ecs) => ({
        findKeyPair: (name) =>
          isBroken && name === 'ops' ? Promise.reject(bug) : ecs.findKeyPair(name),
      })),
    );
    const { world } = launches;
    await launches.tell(run(['i-a', 'i-b']));
    await launches.deliver(world.queue.receive(100));
    world.pass(20_000);
    const wake = await world.ask({ instanceIds: ['i-c'], keyPairName: 'older' });
    const batch = world.queue.receive(100);
    await expect(launches.deliver(batch)).rejects.toBe(bug);
    expect(launches.rollouts()).toMatchObject([{ origin: { client: 'build' } }]);
    const { rolloutId } = rolloutIn(wake);
    expect((await world.rollout(rolloutId)).instances[0]!.restart.kind).toBe('booting');
    isBroken = false;
    await launches.deliver(batch);
    await launches.settle();
    expect(launches.rollouts()).toHaveLength(2);
    expect(world.ecs.look('i-a').keyPairName).toBe('ops');
  });

  test('and the queue takes no waiting launch, the whole batch is delivered again', async ({
    expect,
  }) => {
    const full = new LatchkeyError('throttled', 'Cannot send: QpsLimitExceeded');
    let isFull = false;
    const launches = aLaunchWorld([web], [WEB], {
      queue: (queue) => ({
        send: async (all) => (isFull ? all.map(() => full) : queue.send(all)),
      }),
    });
    await launches.tell(created('i-a'));
    const batch = launches.world.queue.receive(100);
    isFull = true;
    await expect(launches.deliver(batch)).rejects.toBe(full);
    isFull = false;
    await launches.deliver(batch);
    await launches.settle();
    expect(launches.rollouts()).toHaveLength(1);
  });
});

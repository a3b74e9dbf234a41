import { describe, test } from 'vitest';
import { makeHandler } from '../../functions/launch/handler.ts';
import type { Snapshot } from '../../shared/domain/instance.ts';
import { aLaunchRule, aPolicy, NOW_MS } from '../support/builders.ts';
import { aLaunchEvent } from '../support/cloud-events.ts';
import { context } from '../support/http-event.ts';
import { aWorld } from '../support/world.ts';

const policy = aPolicy({
  launch: [
    aLaunchRule({ name: 'web', match: { tags: { team: 'web' } } }),
    aLaunchRule({ name: 'any-build', match: { namePrefix: 'build-' }, restart: false }),
  ],
});

const NOW = new Date(NOW_MS).toISOString();

function aLaunch(snapshots: readonly Partial<Snapshot>[]) {
  const world = aWorld(snapshots);
  const handler = makeHandler({ ...world.ports, regionId: 'cn-hangzhou', policy });
  return { world, deliver: (event: Buffer) => handler(event, context) };
}

const web = { tags: { team: 'web' } };

describe('the launch of an instance', () => {
  test.for(['ecs:ActionTrail:ApiCall', 'ecs:ActionTrail:ConsoleOperation'])(
    'by %s attaches and reboots what a rule matches',
    async (type, { expect }) => {
      const { world, deliver } = aLaunch([web]);
      expect(await deliver(aLaunchEvent({ type }))).toMatchObject({ kind: 'asked' });
      await world.settle();
      expect(world.ecs.look('i-a')).toMatchObject({ boots: 1, effectiveKeyPairName: 'ops' });
    },
  );

  test('that is still Pending is attached through the queue, when it is up', async ({ expect }) => {
    const { world, deliver } = aLaunch([{ ...web, status: 'Pending' }]);
    await deliver(aLaunchEvent());
    expect(world.ecs.calls['AttachKeyPair']).toBeUndefined();
    world.ecs.change('i-a', { status: 'Running' });
    await world.settle();
    expect(world.ecs.look('i-a')).toMatchObject({ boots: 1, effectiveKeyPairName: 'ops' });
  });

  test('that ends Stopped, as CreateInstance does, is attached and stays stopped', async ({
    expect,
  }) => {
    const { world, deliver } = aLaunch([{ ...web, status: 'Pending' }]);
    const data = { eventName: 'CreateInstance', responseElements: { InstanceId: 'i-a' } };
    await deliver(aLaunchEvent({ data }));
    world.ecs.change('i-a', { status: 'Stopped' });
    await world.settle();
    expect(world.ecs.look('i-a')).toMatchObject({
      boots: 0,
      keyPairName: 'ops',
      status: 'Stopped',
    });
  });

  test('is not restarted when its rule says so', async ({ expect }) => {
    const { world, deliver } = aLaunch([{ name: 'build-7' }]);
    await deliver(aLaunchEvent());
    await world.settle();
    expect(world.ecs.look('i-a')).toMatchObject({ boots: 0, keyPairName: 'ops' });
  });

  test('is one rollout for each rule, each with its own instances', async ({ expect }) => {
    const { world, deliver } = aLaunch([
      { instanceId: 'i-a', ...web },
      { instanceId: 'i-b', name: 'build-1' },
      { instanceId: 'i-c' },
    ]);
    const report = await deliver(aLaunchEvent({ instanceIds: ['i-a', 'i-b', 'i-c'] }));
    expect(report).toMatchObject({
      kind: 'asked',
      rolloutIds: [/^ro-/, /^ro-/].map(() => expect.stringMatching(/^ro-/)),
    });
    await world.settle();
    expect(world.ecs.look('i-c').keyPairName).toBeNull();
  });

  test('attaches what it can when the key pair of one rule is missing, and comes again', async ({
    expect,
  }) => {
    const world = aWorld([
      { instanceId: 'i-a', ...web },
      { instanceId: 'i-b', name: 'build-1' },
    ]);
    const [first, second] = policy.launch;
    const broken = { ...policy, launch: [{ ...first!, keyPairName: 'gone' }, second!] };
    const handler = makeHandler({ ...world.ports, regionId: 'cn-hangzhou', policy: broken });
    const event = aLaunchEvent({ instanceIds: ['i-a', 'i-b'] });
    await expect(handler(event, context)).rejects.toMatchObject({ code: 'not-valid' });
    expect(world.ecs.look('i-b').keyPairName).toBe('ops');
  });

  test('delivered twice is the same rollout', async ({ expect }) => {
    const { world, deliver } = aLaunch([web]);
    const first = await deliver(aLaunchEvent());
    expect(await deliver(aLaunchEvent())).toEqual(first);
    await world.settle();
    expect(world.ecs.look('i-a').boots).toBe(1);
  });

  test.for([
    ['no rule matches', {}, aLaunchEvent(), 'no rule matches'],
    ['the call failed', web, aLaunchEvent({ data: { errorCode: 'NoPermission' } }), undefined],
    [
      'it was in another region',
      web,
      aLaunchEvent({ data: { acsRegion: 'cn-beijing' } }),
      undefined,
    ],
    ['it was no launch', web, aLaunchEvent({ data: { eventName: 'RebootInstances' } }), undefined],
  ] as const)('does nothing when %s', async ([, snapshot, event, why], { expect }) => {
    const { world, deliver } = aLaunch([snapshot]);
    const report = await deliver(event);
    expect(report).toMatchObject({ kind: 'ignored', ...(why === undefined ? {} : { why }) });
    expect(await world.rollouts.open()).toEqual([]);
    expect(world.ecs.look('i-a').keyPairName).toBeNull();
  });

  test('that cannot be seen yet is asked for again', async ({ expect }) => {
    const { deliver } = aLaunch([]);
    await expect(deliver(aLaunchEvent({ time: NOW }))).rejects.toThrow('Cannot see new instance');
  });

  test('that was released long ago is let go', async ({ expect }) => {
    const { deliver } = aLaunch([]);
    const old = new Date(NOW_MS - 600_000).toISOString();
    expect(await deliver(aLaunchEvent({ time: old }))).toMatchObject({ kind: 'ignored' });
  });
});

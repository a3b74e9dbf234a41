import { test } from 'vitest';
import type { CloudEvent } from '../../local/cloud/kernel/kernel.ts';
import { disturb, seedBystanders } from '../../tools/demo/launches/bystanders.ts';
import { storedRollouts } from '../../tools/demo/launches/stored-rollouts.ts';
import { aLaunchRule, aPolicy } from '../models/builders.ts';
import { aLocalLatchkey } from '../support/local-latchkey.ts';

const OWN_ROLES = ['latchkey-attach', 'latchkey-launch', 'latchkey-restart'];

const policy = aPolicy({
  ownRoles: OWN_ROLES,
  launch: [
    aLaunchRule({ name: 'web', match: { tags: { team: 'web' } }, keyPairName: 'ops' }),
    aLaunchRule({
      name: 'build',
      match: { namePrefix: 'build-' },
      keyPairName: 'ops',
      restart: false,
    }),
  ],
});

const LAUNCH = { ImageId: 'aliyun_3_x64.vhd', InstanceType: 'ecs.g7.large' };
const WEB = { 'Tag.1.Key': 'team', 'Tag.1.Value': 'web' };
const POOL = { 'Tag.2.Key': 'acs:autoscaling:scalingGroupId', 'Tag.2.Value': 'asg-1' };

/** `RunInstances`, or the state of a state change, or the type. */
function nameOf({ type, data }: CloudEvent): string {
  const { eventName, state } = data as { readonly eventName?: string; readonly state?: string };
  return eventName ?? state ?? type;
}

function countsOf(events: readonly CloudEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of events) counts[nameOf(event)] = (counts[nameOf(event)] ?? 0) + 1;
  return counts;
}

test('what Latchkey does starts nothing, though every event is fed back to it', async ({
  expect,
  onTestFinished,
}) => {
  const { cloud, pass } = await aLocalLatchkey(policy);
  onTestFinished(() => cloud.stop());
  cloud.seed({ keyPairs: [{ name: 'ops' }] });
  const bystanders = seedBystanders(cloud);
  const events: CloudEvent[] = [];
  cloud.kernel.onPublish((event) => events.push(event));
  const feed = (name: string, functionName: string, pattern: object) =>
    cloud.eventbridge.addRule({
      name,
      functionName,
      pattern,
      asyncInvocation: false,
      eventSchema: 'CloudEvents',
      retry: 'BACKOFF_RETRY',
      errorsTolerance: 'ALL',
    });
  feed('everything', 'latchkey-launch', {});
  feed('states', 'latchkey-restart', { type: ['ecs:Instance:StateChange'] });
  const fedBack = () => {
    const { rules } = cloud.eventbridge.state() as {
      rules: { name: string; delivered: number; failedAttempts: number }[];
    };
    return rules.find(({ name }) => name === 'everything')!;
  };

  const by = { kind: 'ram-user', userName: 'lin' } as const;
  const launch = (parameters: Record<string, string>) =>
    cloud.ecs.launch({ by, parameters: { ...LAUNCH, ...parameters } }).instanceIds;
  const web = launch({ ...WEB, Amount: '5' });
  const build = launch({ InstanceName: 'build-1', Amount: '2' });
  const pool = launch({ ...WEB, ...POOL, Amount: '3' });
  const other = launch({ Amount: '2' });
  await pass(5 * 60_000);

  const rollouts = storedRollouts(cloud);
  const members = rollouts.flatMap(({ instances }) => instances.map((one) => one.instanceId));
  expect(rollouts.every(({ phase, origin }) => phase === 'done' && origin.door === 'launch')).toBe(
    true,
  );
  expect(members.toSorted()).toEqual([...web, ...build, ...pool].toSorted());
  const { instances } = cloud.ecs.state();
  const bootsOf = (ids: readonly string[]) => ids.map((id) => instances[id]!.boots);
  expect(bootsOf(web)).toEqual([2, 2, 2, 2, 2]);
  expect(bootsOf([...build, ...pool, ...other])).toEqual([1, 1, 1, 1, 1, 1, 1]);

  // Every event has a cause that can be named, and each was fed back once.
  const launched = 5 + 2 + 3 + 2;
  const { AttachKeyPair, RebootInstances, ...others } = countsOf(events);
  expect(others).toEqual({
    RunInstances: 4,
    Created: launched,
    'ess:ScalingActivity:ScaleOutSuccess': 1,
    Stopping: web.length,
    Starting: launched + web.length,
    Running: launched + web.length,
  });
  expect(AttachKeyPair).toBeLessThanOrEqual(rollouts.length);
  expect(RebootInstances).toBeLessThanOrEqual(rollouts.length);
  expect(fedBack()).toMatchObject({ delivered: events.length, failedAttempts: 0 });

  // The same told again, once under another id, and what an operator does: no rollout, and then silence.
  const again = [...events];
  const launchAgain = again.find((event) => nameOf(event) === 'RunInstances')!;
  for (const event of [...again, { ...launchAgain, id: 'another' }]) cloud.kernel.publish(event);
  await disturb(cloud, bystanders);
  await pass(60_000);
  const told = events.length;
  await pass(60 * 60_000);
  expect(events).toHaveLength(told);
  expect(fedBack()).toMatchObject({ delivered: told, failedAttempts: 0 });
  expect(storedRollouts(cloud)).toHaveLength(rollouts.length);
  const after = cloud.ecs.state().instances;
  expect(web.map((id) => after[id]!.boots)).toEqual([2, 2, 2, 2, 2]);
  expect(bystanders.instanceIds.map((id) => after[id]!.keyPairName)).toEqual(
    bystanders.instanceIds.map(() => null),
  );
}, 120_000);

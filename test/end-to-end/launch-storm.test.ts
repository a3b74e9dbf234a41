import { test } from 'vitest';
import { disturb, seedBystanders } from '../../tools/demo/launches/bystanders.ts';
import { burstsOf, onTheWire } from '../../tools/demo/launches/storm.ts';
import { check } from '../../tools/demo/launches/check.ts';
import { type Group, INSTANCES, KEY_PAIRS, POLICY } from '../../tools/demo/launches/groups.ts';
import { storedRollouts } from '../../tools/demo/launches/stored-rollouts.ts';
import { Witness } from '../../tools/demo/launches/witness.ts';
import { aLaunchRule, aPolicy } from '../models/builders.ts';
import { aLocalLatchkey } from '../support/local-latchkey.ts';

const policy = aPolicy({ launch: POLICY.launch.map(aLaunchRule), ownRoles: POLICY.ownRoles });

const BY = [
  { kind: 'root' },
  { kind: 'ram-user', userName: 'alice' },
  { kind: 'assumed-role', roleName: 'deployer', sessionName: 'pipeline-7' },
  { kind: 'console', userName: 'shami' },
] as const;

/** By which ActionTrail's events come to `launch`: s.yaml. */
const TRAIL_TRIGGER = 'launched';

const deliveries = (fault: object) => ({
  service: 'eventbridge',
  action: 'Deliver',
  times: 1_000_000,
  ...fault,
});

/** What the bus does: ActionTrail may be ten minutes late, the others are not. */
const WEATHERS = {
  'all of them late by seconds': [deliveries({ kind: 'scatter', delayMs: 8_000 })],
  'ActionTrail ten minutes late': [
    deliveries({ kind: 'scatter', delayMs: 3_000 }),
    deliveries({ kind: 'scatter', delayMs: 600_000, trigger: TRAIL_TRIGGER }),
  ],
  'every event three times': [
    deliveries({ kind: 'scatter', delayMs: 4_000 }),
    deliveries({ kind: 'duplicate', copies: 3 }),
  ],
};

const CASES = Object.entries(WEATHERS).map(
  ([name, faults], index) => [name, index, faults] as const,
);

test.for(CASES)(
  '500 launches end as their rules say, each once, with %s (chance %i)',
  { timeout: 240_000 },
  async ([, seed, faults], { expect, onTestFinished }) => {
    const { cloud, pass } = await aLocalLatchkey(policy, { seed });
    onTestFinished(() => cloud.stop());
    cloud.seed({ keyPairs: KEY_PAIRS });
    cloud.kernel.faults.replace([...faults, deliveries({ kind: 'duplicate', every: 3 })]);
    const bystanders = seedBystanders(cloud);
    const witness = new Witness(cloud.kernel);
    const groups = new Map<string, Group>();
    for (const calls of burstsOf(4)) {
      for (const [index, { group, amount }] of calls.entries()) {
        const parameters = onTheWire({ ...group, amount });
        const { instanceIds } = cloud.ecs.launch({ by: BY[index % BY.length]!, parameters });
        for (const id of instanceIds) groups.set(id, group);
        await pass(150);
      }
      await pass(2_000);
    }
    await disturb(cloud, bystanders);
    await pass(20 * 60_000);

    const finding = check({ cloud, witness, bystanders, groups });

    expect(finding.complaints).toEqual([]);
    expect(finding).toMatchObject({ right: INSTANCES, deadLetters: 0 });
    expect(storedRollouts(cloud).length).toBeLessThanOrEqual(20);
  },
);

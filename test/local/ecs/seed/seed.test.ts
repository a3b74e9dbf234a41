import { test } from 'vitest';
import { type FleetSeed, SeedError } from '../../../../local/cloud/ecs/index.ts';
import { aCloud } from '../a-cloud.ts';

test('a count numbers the names and deals the zones in turn', ({ expect }) => {
  const { ecs, events } = aCloud();
  const { instanceIds } = ecs.seed({
    instances: [{ count: 3, name: 'web', zones: ['z-1', 'z-2'], tags: { team: 'web' } }],
  });
  const { instances } = ecs.state();
  expect(Object.keys(instances)).toEqual(instanceIds);
  expect(Object.values(instances).map(({ name, zoneId }) => [name, zoneId])).toEqual([
    ['web-001', 'z-1'],
    ['web-002', 'z-2'],
    ['web-003', 'z-1'],
  ]);
  expect(new Set(Object.values(instances).map(({ bootId }) => bootId)).size).toBe(3);
  expect(events).toEqual([]);
});

test('the effective key pair is the bound one unless the seed says otherwise', ({ expect }) => {
  const { ecs } = aCloud();
  ecs.seed({
    keyPairs: [{ name: 'old' }, { name: 'new' }],
    instances: [
      { instanceId: 'i-same', keyPairName: 'new' },
      { instanceId: 'i-due', keyPairName: 'new', effectiveKeyPairName: 'old' },
      { instanceId: 'i-password', keyPairName: 'new', effectiveKeyPairName: null },
      { instanceId: 'i-pending', keyPairName: 'new', status: 'Pending' },
      { instanceId: 'i-none' },
    ],
  });
  const { instances } = ecs.state();
  expect(Object.values(instances).map((one) => one.effectiveKeyPairName)).toEqual([
    'new',
    'old',
    null,
    null,
    null,
  ]);
});

test('a seed repeats itself for the same seed number', ({ expect }) => {
  const ids = (seed: number) =>
    aCloud({ seed }).ecs.seed({ instances: [{ count: 5 }] }).instanceIds;
  expect(ids(7)).toEqual(ids(7));
  expect(ids(7)).not.toEqual(ids(8));
  expect(ids(7)[0]).toMatch(/^i-bp1[a-z0-9]{17}$/);
});

test('what cannot be is refused by field, value and rule, and nothing is changed', ({ expect }) => {
  const { ecs } = aCloud();
  ecs.seed({ keyPairs: [{ name: 'here' }], instances: [{ instanceId: 'i-here' }] });
  const before = ecs.state();
  const good = { keyPairs: [{ name: 'fresh' }], instances: [{ instanceId: 'i-fresh' }] };
  for (const [bad, message] of [
    [{ status: 'Asleep' }, 'Cannot seed instances[1].status "Asleep": must be one of Pending, '],
    [{ colour: 'red' }, 'Cannot seed instances[1].colour "red": unknown field, one of count, '],
    [{ count: 0 }, 'Cannot seed instances[1].count 0: must be a whole number, 1 to 10000'],
    [{ count: 2, instanceId: 'i-x' }, 'instances[1].instanceId "i-x": goes with one instance only'],
    [{ instanceId: 'web' }, 'Cannot seed instances[1].instanceId "web": must look like i-…'],
    [{ instanceId: 'i-here' }, 'Cannot seed instances[1].instanceId "i-here": taken'],
    [{ instanceId: 'i-fresh' }, 'Cannot seed instances[1].instanceId "i-fresh": taken'],
    [{ keyPairName: 'gone' }, 'Cannot seed instances[1].keyPairName "gone": no such key pair'],
    [{ keyPairName: 'here', osType: 'windows' }, 'keyPairName "here": Windows takes no key pair'],
    [{ locks: ['bored'] }, 'Cannot seed instances[1].locks ["bored"]: must be a list of financial'],
    [{ zones: [] }, 'Cannot seed instances[1].zones []: must not be empty'],
    [{ zones: ['a'], zoneId: 'b' }, 'instances[1].zones ["a"]: goes not with zoneId'],
    [{ tags: { a: 1 } }, 'Cannot seed instances[1].tags {"a":1}: must be an object of texts'],
    [{ ioOptimized: 'none' }, 'instances[1].ioOptimized "none": must be true or false'],
    [{ name: '' }, 'Cannot seed instances[1].name "": must be a text that is not empty'],
    [null, 'Cannot seed instances[1] null: must be an object'],
  ] as const) {
    const seed = { ...good, instances: [...good.instances, bad] } as unknown as FleetSeed;
    expect(() => ecs.seed(seed)).toThrow(SeedError);
    expect(() => ecs.seed(seed)).toThrow(message);
  }
  for (const [pair, message] of [
    [{ name: 'here' }, 'Cannot seed keyPairs[0].name "here": taken'],
    [{ name: '1' }, 'Cannot seed keyPairs[0].name "1": not a name that ECS takes'],
    [{}, 'Cannot seed keyPairs[0].name undefined: must be given'],
    [{ name: 'a-key', publicKey: 'x' }, 'Cannot seed keyPairs[0].publicKey "x": not a public key'],
  ] as const) {
    expect(() => ecs.seed({ keyPairs: [pair] } as unknown as FleetSeed)).toThrow(message);
  }
  expect(() => ecs.seed({ fleet: [] } as FleetSeed)).toThrow('Cannot seed fleet []: unknown field');
  expect(() => ecs.seed({ instances: {} } as FleetSeed)).toThrow('instances {}: must be a list');
  expect(ecs.state()).toEqual(before);
});

test('the state is plain JSON', ({ expect }) => {
  const { ecs } = aCloud();
  ecs.seed({
    keyPairs: [{ name: 'ops' }],
    instances: [{ keyPairName: 'ops', locks: ['financial'] }],
  });
  const state = ecs.state();
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});

// The fingerprint is what `ssh-keygen -l -E md5` says of the line: policies name it.
test('a key pair without a public key has one of its name, the same in every cloud', async ({
  expect,
}) => {
  const clouds = [aCloud(), aCloud()];
  for (const { ecs } of clouds) ecs.seed({ keyPairs: [{ name: 'ops-2026' }, { name: 'other' }] });
  for (const { ecs } of clouds) {
    const { keyPairs } = ecs.state();
    expect(keyPairs['ops-2026']!.fingerprint).toBe(
      '69:dd:a1:02:06:99:d6:38:32:f1:0f:47:31:f2:ae:e7',
    );
    expect(keyPairs['other']!.fingerprint).not.toBe(keyPairs['ops-2026']!.fingerprint);
  }
  await clouds[0]!.here('DeleteKeyPairs', { KeyPairNames: '["ops-2026"]' });
  await clouds[0]!.here('CreateKeyPair', { KeyPairName: 'ops-2026' });
  const [recreated, kept] = clouds.map(({ ecs }) => ecs.state().keyPairs['ops-2026']);
  expect(recreated).not.toEqual(kept);
});

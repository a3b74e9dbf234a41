import { test } from 'vitest';
import { fetchHttp } from '../../cli/api/http.ts';
import { cloudOverSdk } from '../../cli/cloud/cloud-over-sdk.ts';
import { csvOf } from '../../cli/who/show-who.ts';
import type { FleetSeed } from '../../local/cloud/ecs/index.ts';
import { aClient, aPolicy } from '../models/builders.ts';
import { aLocalLatchkey, LOCAL_SECRET } from '../support/local-latchkey.ts';
import { type RunOptions, run } from './cli-world.ts';

const FORBIDDEN = { kind: 'error', status: 403, code: 'Forbidden.RAM', times: 100 };
const KEY_PAIRS = ['ops-2025', 'ops-2026'];

/** The command line over a local cloud in this process: real wires, model time. */
async function aCloud(
  onTestFinished: (run: () => Promise<void>) => void,
  instances: NonNullable<FleetSeed['instances']>,
) {
  // A local cloud creates its key pairs, so their fingerprints are known only then.
  const keyPairs: { name: string; fingerprint: string }[] = [];
  const policy = aPolicy({ clients: [aClient({ keyPairs })] });
  const { cloud, clock, pass } = await aLocalLatchkey(policy);
  onTestFinished(() => cloud.stop());
  const { instanceIds } = cloud.seed({ keyPairs: KEY_PAIRS.map((name) => ({ name })), instances });
  for (const [name, { fingerprint }] of Object.entries(cloud.ecs.state().keyPairs)) {
    keyPairs.push({ name, fingerprint });
  }
  const { accessKeyId, accessKeySecret } = cloud.kernel.settings;
  let ids = 0;
  const io = {
    http: fetchHttp,
    nowMs: () => clock.nowMs(),
    pause: pass,
    newId: () => `msg_${++ids}`,
    cloud: (place: Parameters<typeof cloudOverSdk>[0]) =>
      Promise.resolve(
        cloudOverSdk({
          ...place,
          credentials: () => Promise.resolve({ accessKeyId, accessKeySecret }),
        }),
      ),
  };
  const env = {
    LATCHKEY_URL: cloud.endpoints.http['attach']!,
    LATCHKEY_SECRET: LOCAL_SECRET,
    REGION_ID: 'cn-hangzhou',
    ECS_ENDPOINT: cloud.endpoints.ecs,
    TABLESTORE_ENDPOINT: cloud.endpoints.tablestore,
    TABLESTORE_INSTANCE: 'latchkey',
  };
  return {
    cloud,
    instanceIds,
    pass,
    latchkey: (args: string, options: RunOptions = {}) =>
      run(args.split(' '), io, { ...options, env: { ...env, ...options.env } }),
  };
}

test('who distinguishes bound from effective, and finds where a replaced key still works', async ({
  expect,
  onTestFinished,
}) => {
  const { latchkey, instanceIds } = await aCloud(onTestFinished, [
    { name: 'web', keyPairName: 'ops-2025' },
    { name: '=HYPERLINK("x")', keyPairName: 'ops-2025' },
    { name: 'db', keyPairName: 'ops-2025' },
  ]);
  const [web, sheet, db] = instanceIds;
  // One is restarted with the new key pair, one is only bound to it, one is left alone.
  await latchkey(`attach ops-2026 ${web} --yes --watch`);
  await latchkey(`attach ops-2026 ${sheet} --yes --restart never`);

  const old = JSON.parse((await latchkey('who ops-2025 --json')).out);
  const told = (holders: { instanceId: string; boundTo: string; effective: string }[]) =>
    Object.fromEntries(holders.map((one) => [one.instanceId, [one.boundTo, one.effective]]));
  expect(told(old.holders)).toEqual({
    [db!]: ['ops-2025', 'unknown'],
    [sheet!]: ['ops-2026', 'yes'],
  });
  const now = JSON.parse((await latchkey('who ops-2026 --json')).out);
  expect(told(now.holders)).toEqual({
    [web!]: ['ops-2026', 'yes'],
    [sheet!]: ['ops-2026', 'no'],
  });

  const { exit, out } = await latchkey('who ops-2025');
  expect(exit).toBe(0);
  expect(out).toMatch(
    /\nkey pair ops-2025 \(.*\) is bound to 1 instance, and works, or may work, on 1 that got another key pair since; effective: yes 1, no 0, unknown 1\n$/,
  );
  const csv = (await latchkey('who ops-2026 --csv')).out;
  expect(csv).toBe(csvOf(now));
  expect(csv.split('\r\n')[0]).toBe('INSTANCE,NAME,ZONE,STATUS,BOUND TO,EFFECTIVE,WHY');
  expect(csv).toContain(`,"'=HYPERLINK(""x"")",`);
});

test('who of an unknown key pair is an error, not an empty list', async ({
  expect,
  onTestFinished,
}) => {
  const { latchkey } = await aCloud(onTestFinished, [{ name: 'web' }]);
  const typo = await latchkey('who ops-2052');
  expect([typo.exit, typo.err]).toEqual([
    3,
    'Cannot find key pair "ops-2052": region cn-hangzhou has no such key pair, and no instance uses it\n',
  ]);
  const unused = await latchkey('who ops-2025');
  expect([unused.exit, unused.out]).toEqual([
    0,
    expect.stringMatching(/^key pair ops-2025 \(.*\) is bound to no instance\n$/),
  ]);
  // ECS takes `*` as a wildcard.
  expect((await latchkey('who ops-*')).exit).toBe(2);
  expect((await latchkey('who ops-2025 --csv --json')).exit).toBe(2);
});

test('who prints the error of the cloud when access is refused or the cloud is unreachable', async ({
  expect,
  onTestFinished,
}) => {
  const { latchkey, cloud } = await aCloud(onTestFinished, [{ name: 'web' }]);
  const missing = await latchkey('who ops-2025', { env: { TABLESTORE_INSTANCE: '' } });
  expect(missing.exit).toBe(2);
  expect(missing.err).toContain('TABLESTORE_INSTANCE is missing');
  cloud.kernel.faults.replace([{ service: 'ecs', action: 'DescribeKeyPairs', ...FORBIDDEN }]);
  const refused = await latchkey('who ops-2025');
  expect(refused.exit).toBe(3);
  expect(refused.err).toContain('Alibaba Cloud: Forbidden.RAM');
  const away = await latchkey('who ops-2025', { env: { ECS_ENDPOINT: 'http://127.0.0.1:9' } });
  expect(away.exit).toBe(4);
});

test('rotate replaces a key pair wherever it is bound, a canary first, and reports it', async ({
  expect,
  onTestFinished,
}) => {
  const { latchkey, cloud } = await aCloud(onTestFinished, [
    { count: 5, name: 'web', keyPairName: 'ops-2025' },
    { name: 'off', status: 'Stopped', keyPairName: 'ops-2025' },
    { name: 'other' },
  ]);
  const asking = await latchkey('rotate ops-2025 ops-2026', { answer: 'no' });
  expect(asking.exit).toBe(6);
  expect(asking.asked).toEqual(['Rotate 6 instances? [y/N] ']);
  expect(cloud.kernel.calls.of('ecs', 'AttachKeyPair')).toBe(0);

  const { exit, out, err } = await latchkey(
    'rotate ops-2025 ops-2026 --yes --max-unavailable 4 --bake-seconds 0',
  );
  expect([exit, err]).toEqual([0, '']);
  expect(out).toContain('3 waves: 1, 2 times 2; at most 4 down at once');
  expect(out).toMatch(/\nRotation ops-2025 to ops-2026: 6 instances in 1 rollout, took .*\n/);
  expect(out).toMatch(/ro-[a-z2-7]{26} +done +6 +ready 5, attached 1\n/);
  expect(out).toMatch(/\nops-2025 works on no instance any more\n$/);
  const bound = Object.values(cloud.ecs.state().instances).map((one) => one.keyPairName);
  expect(bound.filter((name) => name === 'ops-2026')).toHaveLength(6);

  const again = await latchkey('rotate ops-2025 ops-2026');
  expect([again.exit, again.out]).toEqual([
    0,
    'Rotation ops-2025 to ops-2026: nothing to do, ops-2025 works on no instance\n',
  ]);
}, 60_000);

test('rotate stops at a halt, says what to do, and continues when run again', async ({
  expect,
  onTestFinished,
}) => {
  const { latchkey, cloud, pass } = await aCloud(onTestFinished, [
    { count: 3, name: 'web', keyPairName: 'ops-2025' },
  ]);
  cloud.kernel.faults.replace([{ service: 'ecs', action: 'RebootInstances', ...FORBIDDEN }]);
  const halted = await latchkey('rotate ops-2025 ops-2026 --yes');
  expect(halted.exit).toBe(1);
  expect(halted.out).toMatch(/! ops-2025 still works, or may work, on [23] instances:\n/);
  expect(halted.out).toMatch(/to go on, .*: npx latchkey resume ro-/);
  expect(halted.out).toContain(
    'after that, continue the rotation: npx latchkey rotate ops-2025 ops-2026\n',
  );
  const bound = Object.values(cloud.ecs.state().instances).map((one) => one.keyPairName);
  expect(bound.filter((name) => name === 'ops-2025')).toHaveLength(2);

  cloud.kernel.faults.replace([]);
  const [rolloutId] = /ro-[a-z2-7]{26}/.exec(halted.out)!;
  await latchkey(`resolve ${rolloutId} retry --all`);
  await latchkey(`resume ${rolloutId}`);
  await pass(600_000);
  const { exit, out } = await latchkey('rotate ops-2025 ops-2026 --yes --json');
  expect(exit).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ complete: true, rollouts: [], who: { holders: [] } });
}, 60_000);

test('rotate names the instances that it left out', async ({ expect, onTestFinished }) => {
  const { latchkey } = await aCloud(onTestFinished, [
    { name: 'web', keyPairName: 'ops-2025' },
    { name: 'mine', keyPairName: 'ops-2025', tags: { 'latchkey:attach': 'never' } },
  ]);
  const { exit, out } = await latchkey('rotate ops-2025 ops-2026 --yes');
  expect(exit).toBe(1);
  expect(out).toMatch(
    /mine +ops-2025 +unknown +skipped: its owner's tag forbids it: latchkey:attach=never\n$/,
  );
}, 60_000);

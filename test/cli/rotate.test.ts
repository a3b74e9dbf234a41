import { test } from 'vitest';
import type { Api } from '../../cli/api/client.ts';
import type { CloudPorts } from '../../cli/cloud/cloud-ports.ts';
import { rotate } from '../../cli/rotate/rotate.ts';
import { aSnapshot } from '../models/builders.ts';

const NOTHING = {
  keyPair: { name: 'new', fingerprint: 'fp' },
  wave: { current: 0, of: 1 },
  budget: { limit: 1, unavailable: 0, failures: 0, haltAfter: 1 },
  warnings: [],
  optedOut: [],
  totalCount: 0,
  attachedCount: 0,
  failCount: 0,
  skipCount: 0,
  unknownCount: 0,
  waitingCount: 0,
};

/** A fleet bound to `old`. These instances are skipped, and one more appears meanwhile. */
function aFleetOf(size: number, skipped: ReadonlySet<string> = new Set(), late: string[] = []) {
  const bound = new Set(Array.from({ length: size }, (_, n) => `i-${String(n).padStart(5, '0')}`));
  const asked: { readonly ids: readonly string[]; readonly by: string }[] = [];
  const targetsOf = (body: { instanceIds?: string[] }) => body.instanceIds ?? [...bound].toSorted();
  const api: Api = {
    get: () => Promise.reject(new Error('nothing is looked up')),
    post: (_path, wish) => {
      const body = wish as {
        instanceIds?: string[];
        dryRun?: boolean;
        expectedPlanDigest?: string;
      };
      const ids = targetsOf(body);
      const results = ids.map((instanceId) => ({
        instanceId,
        kind: skipped.has(instanceId) ? 'skipped' : 'waiting',
        reason: skipped.has(instanceId) ? 'windows' : 'due',
        next: 'none',
        state: skipped.has(instanceId) ? 'skipped' : 'waiting',
        ...(skipped.has(instanceId) ? { why: 'Windows takes no key pair' } : {}),
      }));
      const planDigest = `digest of ${ids.length}`;
      if (body.dryRun) {
        const pace = { waves: [], expectedSeconds: 0, expectedSecondsIs: 'estimate' };
        const more = { ...pace, approval: null, planDigest };
        return Promise.resolve({ ...NOTHING, ...more, status: 'dry-run', results });
      }
      asked.push({ ids, by: body.instanceIds === undefined ? 'selector' : 'ids' });
      for (const id of ids) if (!skipped.has(id)) bound.delete(id);
      for (const id of late.splice(0)) bound.add(id);
      return Promise.resolve({
        ...NOTHING,
        planDigest: body.expectedPlanDigest,
        rolloutId: `ro-${asked.length}`,
        status: 'done',
        createdAtMs: 0,
        updatedAtMs: 0,
        healthGate: 'none',
        note: '',
        control: { kind: 'going' },
        approval: null,
        restarting: [],
        waitingFor: '',
        waitingUntilMs: null,
        boundOnly: [],
        expectedEndMs: null,
        expectedEndIs: 'estimate',
        nextCalls: [],
        history: [],
        results,
      });
    },
  };
  const cloud: CloudPorts = {
    ecs: {
      describeInstances: () => Promise.resolve([]),
      findKeyPair: (name) => Promise.resolve({ name, fingerprint: 'fp' }),
      selectInstances: () =>
        Promise.resolve({
          snapshots: [...bound].map((instanceId) => aSnapshot({ instanceId, keyPairName: 'old' })),
          more: false,
        }),
    },
    memories: { recall: () => Promise.resolve(new Map()) },
    async *everyMemory() {},
  };
  const agreed: number[] = [];
  const go = () =>
    rotate(
      { regionId: 'cn-hangzhou', oldName: 'old', newName: 'new', options: { restart: 'auto' } },
      {
        api,
        cloud,
        io: { newId: () => 'msg', nowMs: () => 0 },
        agree: (_plan, count) => {
          agreed.push(count);
          return Promise.resolve();
        },
        follow: (rollout) => Promise.resolve(rollout),
      },
    );
  return { go, asked, agreed };
}

test('a fleet that fits into one rollout is selected by its key pair', async ({ expect }) => {
  const { go, asked, agreed } = aFleetOf(1_000);
  const report = await go();
  expect(asked.map(({ ids, by }) => [ids.length, by])).toEqual([[1_000, 'selector']]);
  expect(agreed).toEqual([1_000]);
  expect(report).toMatchObject({ brokenOff: false, who: { holders: [] } });
});

test('a larger fleet takes several rollouts, and one question', async ({ expect }) => {
  const { go, asked, agreed } = aFleetOf(2_300);
  await go();
  expect(asked.map(({ ids, by }) => [ids.length, by])).toEqual([
    [1_000, 'ids'],
    [1_000, 'ids'],
    [300, 'ids'],
  ]);
  expect(new Set(asked.flatMap(({ ids }) => ids)).size).toBe(2_300);
  expect(agreed).toEqual([2_300]);
});

test('instances that appear meanwhile are rotated too, and skipped ones are tried once', async ({
  expect,
}) => {
  const { go, asked } = aFleetOf(3, new Set(['i-00001']), ['i-late']);
  const { rollouts, skipped, who } = await go();
  expect(asked.map(({ ids }) => ids)).toEqual([['i-00000', 'i-00001', 'i-00002'], ['i-late']]);
  expect(rollouts).toHaveLength(2);
  expect([...skipped]).toEqual([['i-00001', 'Windows takes no key pair']]);
  expect(who.holders.map(({ instanceId }) => instanceId)).toEqual(['i-00001']);
});

test('a plan that changes nothing starts no rollout', async ({ expect }) => {
  const { go, asked, agreed } = aFleetOf(1, new Set(['i-00000']));
  const { rollouts } = await go();
  expect([asked, agreed, rollouts]).toEqual([[], [], []]);
});

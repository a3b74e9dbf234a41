import { test } from 'vitest';
import { startLocalCloud } from '../../local/start-local-cloud.ts';
import { ConflictError, webhook } from '../../tools/demo/webhook.ts';

test('a selector finds more than a page of instances, and the plan that was shown is kept to', async ({
  expect,
  onTestFinished,
}) => {
  const { cloud, webhookSecret } = await startLocalCloud();
  onTestFinished(() => cloud.stop());
  cloud.seed({ keyPairs: [{ name: 'ops-2025' }, { name: 'ops-2026' }] });
  const seed = { name: 'shop', keyPairName: 'ops-2025', tags: { team: 'shop' } };
  const { instanceIds } = cloud.seed({
    instances: [
      { ...seed, count: 230 },
      { name: 'shop', keyPairName: 'ops-2025', tags: { team: 'db' } },
      { name: 'shop', tags: { team: 'shop' } },
    ],
  });
  const selected = instanceIds.slice(0, 230).toSorted();
  const client = webhook(cloud.endpoints.http['attach']!, webhookSecret);
  const ask = async (change: object) => {
    const selector = { tags: { team: 'shop' }, keyPairName: 'ops-2025', namePrefix: 'shop-' };
    const body = { regionId: 'cn-hangzhou', keyPairName: 'ops-2026', restart: 'never', selector };
    const { view } = await client.post('/rollouts', { ...body, ...change });
    return view as typeof view & { readonly planDigest: string };
  };

  const shown = await ask({ dryRun: true });
  expect(shown.results.map(({ instanceId }) => instanceId)).toEqual(selected);
  expect(cloud.kernel.calls.of('ecs', 'AttachKeyPair')).toBe(0);

  // One more comes up, and it is the plan no longer.
  const late = cloud.seed({ instances: [{ ...seed, name: 'shop-late' }] }).instanceIds[0]!;
  const refused = await ask({ expectedPlanDigest: shown.planDigest }).catch(
    (error: Error) => error,
  );
  expect(refused).toBeInstanceOf(ConflictError);
  const problem = JSON.parse((refused as Error).message.replace(/^[^{]*/, ''));
  expect(problem).toMatchObject({
    code: 'plan-changed',
    difference: { added: [{ instanceId: late }], removed: [], changed: [] },
  });
  expect(cloud.kernel.calls.of('ecs', 'AttachKeyPair')).toBe(0);

  const done = await ask({ expectedPlanDigest: problem.planDigest });
  expect(done).toMatchObject({ status: 'done', attachedCount: 231 });
  const bound = Object.values(cloud.ecs.state().instances).map(({ keyPairName }) => keyPairName);
  expect(bound.filter((name) => name === 'ops-2026')).toHaveLength(231);
}, 60_000);

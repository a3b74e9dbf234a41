import { test } from 'vitest';
import { startLocalCloud } from '../../local/start-local-cloud.ts';
import { webhook } from '../../tools/demo/webhook.ts';

test('an undo over the wire binds again what was bound before', async ({
  expect,
  onTestFinished,
}) => {
  const { cloud, webhookSecret } = await startLocalCloud();
  onTestFinished(() => cloud.stop());
  cloud.seed({ keyPairs: [{ name: 'ops-2025' }, { name: 'ops-2026' }] });
  const { instanceIds } = cloud.seed({
    instances: [{ name: 'old', keyPairName: 'ops-2025' }, { name: 'none' }],
  });
  const client = webhook(cloud.endpoints.http['attach']!, webhookSecret);
  const { view } = await client.post('/rollouts', {
    regionId: 'cn-hangzhou',
    keyPairName: 'ops-2026',
    instanceIds,
    restart: 'never',
  });
  const { rolloutId } = view;
  const bound = () => instanceIds.map((id) => cloud.ecs.state().instances[id]!.keyPairName);
  expect(bound()).toEqual(['ops-2026', 'ops-2026']);

  const body = { rolloutId, action: 'undo' };
  const undone = await client.post(`/rollouts/${rolloutId}/undo`, body);

  expect(undone.view).toMatchObject({ status: 'done', undoes: rolloutId });
  expect(undone.view.results).toMatchObject([
    { kind: 'attached', keyPairName: 'ops-2025', previousKeyPairName: 'ops-2026' },
    // policy.json does not allow that password login comes back.
    { kind: 'skipped', reason: 'not-undoable' },
  ]);
  expect(bound()).toEqual(['ops-2025', 'ops-2026']);
  const seen = await client.get(`/rollouts/${undone.view.rolloutId}`);
  expect(seen.results).toEqual(undone.view.results);
}, 60_000);

import { test } from 'vitest';
import { startLocalCloud } from '../../local/start-local-cloud.ts';
import { temporaryProject } from '../../tools/demo/temporary-project.ts';
import { webhook } from '../../tools/demo/webhook.ts';
import { until } from '../../tools/until.ts';

/** Short, so that owners are known to be dead within a minute, and a timer that does not keep us. */
const SHORT_LIVED = { timeoutSec: 16, tickSec: 5 };

const killed = (service: string, action: string, name: string, when: 'before' | 'after') => ({
  service,
  action,
  function: name,
  when,
  kind: 'kill',
});

test('a function killed at any point of a restart never boots an instance twice', async ({
  expect,
  onTestFinished,
}) => {
  const project = temporaryProject(SHORT_LIVED);
  const { cloud, webhookSecret } = await startLocalCloud({ projectFolder: project.folder });
  onTestFinished(async () => {
    await cloud.stop();
    project.remove();
  });
  cloud.seed({ keyPairs: [{ name: 'ops-2026' }] });
  const one = () => cloud.seed({ instances: [{ name: 'web' }] }).instanceIds[0]!;
  const client = webhook(cloud.endpoints.http['attach']!, webhookSecret);
  const ask = async (instanceId: string) => {
    const { view } = await client.post('/rollouts', {
      regionId: 'cn-hangzhou',
      keyPairName: 'ops-2026',
      instanceIds: [instanceId],
      restart: 'auto',
    });
    return view.rolloutId;
  };
  const struck = () =>
    (cloud.kernel.faults.toJSON() as { struck: number }[]).every((fault) => fault.struck > 0);
  const restartOf = async (rolloutId: string) =>
    (await client.get(`/rollouts/${rolloutId}`)).results[0]!.restart;

  // Between claim and call: nothing was done, and nobody can know.
  const beforeCall = one();
  cloud.kernel.faults.replace([killed('ecs', 'RebootInstances', 'latchkey-restart', 'before')]);
  const unknown = await ask(beforeCall);
  await until('the first kill', struck);

  // Between call and save: the instance reboots, and its events are the evidence.
  const beforeSave = one();
  cloud.kernel.faults.replace([killed('ecs', 'RebootInstances', 'latchkey-restart', 'after')]);
  const observed = await ask(beforeSave);
  await until('the second kill', struck);

  // Between save and publish: the result is in the outbox, and the caller gets no answer.
  const beforePublish = one();
  cloud.kernel.faults.replace([killed('smq', 'BatchSendMessage', 'latchkey-attach', 'before')]);
  await expect(ask(beforePublish)).rejects.toThrow('502');
  expect(struck()).toBe(true);

  // And every batch comes five times.
  cloud.kernel.faults.replace([
    { service: 'smq', action: 'Deliver', kind: 'duplicate', copies: 5, times: 1_000 },
  ]);
  await until('the end of all three', async () => {
    const kinds = [(await restartOf(unknown))?.kind, (await restartOf(observed))?.kind];
    const third = cloud.ecs.state().instances[beforePublish]!;
    return kinds[0] === 'unknown' && kinds[1] === 'ready' && third.boots === 2;
  });
  expect(await restartOf(observed)).toMatchObject({ proof: 'observed' });
  const { instances } = cloud.ecs.state();
  // A seeded instance that runs has booted once.
  expect(instances[beforeCall]).toMatchObject({ boots: 1, keyPairName: 'ops-2026' });
  expect(instances[beforeSave]).toMatchObject({ boots: 2, effectiveKeyPairName: 'ops-2026' });
  expect(instances[beforePublish]).toMatchObject({ boots: 2, effectiveKeyPairName: 'ops-2026' });
}, 180_000);

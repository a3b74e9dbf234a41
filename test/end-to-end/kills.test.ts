import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { PROJECT_FOLDER, startLocalCloud } from '../../local/start-local-cloud.ts';
import { webhook } from '../../tools/demo/webhook.ts';
import { until } from '../support/until.ts';

/** Short, so that owners are known to be dead within a minute: 16 s and 30 s. */
const TIMEOUT_SEC = 16;

/** The project as it is deployed, but with short time limits, and a timer that does not keep us. */
function shortLived(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-'));
  const text = readFileSync(join(PROJECT_FOLDER, 's.yaml'), 'utf8');
  writeFileSync(
    join(folder, 's.yaml'),
    text
      .replaceAll(/^ {6}timeout: \d+$/gm, `      timeout: ${TIMEOUT_SEC}`)
      .replace("'@every 1m'", "'@every 5s'"),
  );
  symlinkSync(join(PROJECT_FOLDER, 'dist'), join(folder, 'dist'));
  return folder;
}

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
  const folder = shortLived();
  const { cloud, webhookSecret } = await startLocalCloud({ projectFolder: folder });
  onTestFinished(async () => {
    await cloud.stop();
    rmSync(folder, { recursive: true });
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

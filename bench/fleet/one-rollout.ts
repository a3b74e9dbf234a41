import type { Cloud } from '../../local/cloud/index.ts';
import { type LocalCloud, startLocalCloud } from '../../local/start-local-cloud.ts';
import { temporaryProject } from '../../tools/demo/temporary-project.ts';
import { type RolloutView, type Webhook, webhook } from '../../tools/demo/webhook.ts';
import { type FleetKind, fleetOf, SETTINGS, WANTED_KEY_PAIR } from './fleets.ts';
import { untilDone } from '../until-done.ts';
import { type Truth, witness } from './witness.ts';

export interface FleetRun extends Truth {
  readonly instances: number;
  readonly answerMs: number;
  readonly readyMs: number;
  /** How many instances Latchkey reports as `attached`, `skipped`, …, and restarts as `ready`, `failed`, … */
  readonly said: Readonly<Record<string, number>>;
}

/** A canary, and then half of the fleet at a time. */
export const PACE = { restart: 'auto', maxUnavailable: '50%', ramp: 'canary', bakeSeconds: 0 };

/** Requests of the same size before the measured one. Cold starts are measured apart. */
const WARM_UP_ROUNDS = 3;
const LIMIT_MS = 180_000;

/** One rollout in real time, through the webhook and the functions' own processes. */
export async function rollOutFleet(kind: FleetKind, count: number): Promise<FleetRun> {
  const project = temporaryProject({ batchWindowSec: 0 });
  const local = await startLocalCloud({ projectFolder: project.folder, settings: SETTINGS });
  try {
    return await rollOut(local, kind, count);
  } finally {
    await local.cloud.stop();
    project.remove();
  }
}

async function rollOut(
  { cloud, webhookSecret }: LocalCloud,
  kind: FleetKind,
  count: number,
): Promise<FleetRun> {
  const { instanceIds } = cloud.seed(fleetOf(kind, count));
  const client = webhook(cloud.endpoints.http['attach']!, webhookSecret);
  const { regionId } = cloud.kernel.settings;
  const ask = { regionId, keyPairName: WANTED_KEY_PAIR };
  await warmUp(cloud, client, ask, count);
  const callsBefore = { ...cloud.kernel.calls.toJSON()['ecs'] };
  const watched = witness(cloud.kernel, only(cloud.ecs.state(), instanceIds));
  const startedMs = performance.now();
  const { view } = await client.post('/rollouts', { ...ask, instanceIds, ...PACE });
  const answerMs = performance.now() - startedMs;
  await untilDone(cloud, `a rollout of ${count} instances`, LIMIT_MS);
  const readyMs = performance.now() - startedMs;
  const truth = watched.truth(cloud.ecs.state(), callsBefore);
  const end = await client.get(`/rollouts/${view.rolloutId}`);
  return { instances: count, answerMs, readyMs, said: saidBy(end), ...truth };
}

/** Runs the same code over other instances, without restarts. */
async function warmUp(
  cloud: Cloud,
  client: Webhook,
  ask: { readonly regionId: string; readonly keyPairName: string },
  count: number,
): Promise<void> {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
    const { instanceIds } = cloud.seed({ instances: [{ count, name: 'warm-up' }] });
    await client.post('/rollouts', { ...ask, instanceIds, restart: 'never' });
  }
  await untilDone(cloud, 'the warm-up', LIMIT_MS);
}

function only({ instances, keyPairs }: ReturnType<Cloud['ecs']['state']>, ids: readonly string[]) {
  return { keyPairs, instances: Object.fromEntries(ids.map((id) => [id, instances[id]!])) };
}

function saidBy({ results }: RolloutView): Record<string, number> {
  const said: Record<string, number> = {};
  for (const { kind, restart } of results) {
    for (const word of [kind, restart?.kind]) {
      if (word !== undefined) said[word] = (said[word] ?? 0) + 1;
    }
  }
  return said;
}

import type { LocalCloud } from '../../local/start-local-cloud.ts';
import { until } from '../until.ts';
import { checkFleet, isLaunchDone } from './check.ts';
import {
  type Expectation,
  FLEET_PACE,
  GROUPS,
  KEY_PAIRS,
  NO_SUCH_ID,
  WANTED_KEY_PAIR,
} from './fleet.ts';
import { launch } from './launch.ts';
import { checkPilot, PILOT_PACE, seedPilot } from './pilot.ts';
import { progressLine } from './progress.ts';
import { type Counts, report } from './report.ts';
import { type DemoOptions, runDemo, type Scene } from './run-demo.ts';
import { type RolloutView, type Webhook, webhook } from './webhook.ts';

/** On an idle machine it takes less than a minute; after this long something is wrong. */
const LIMIT_MS = 150_000;
const LAUNCHED = 2;

/** What has been seen so far. */
interface Seen {
  view: RolloutView | undefined;
  pilot: RolloutView | undefined;
  finding: ReturnType<typeof checkFleet> | undefined;
  launched: number;
}

/** Two rollouts side by side, and two instances that are launched meanwhile. */
export function twoRollouts(options: DemoOptions): Promise<number> {
  const seen: Seen = { view: undefined, pilot: undefined, finding: undefined, launched: 0 };
  return runDemo({
    options,
    logName: 'demo.log',
    // The deployed 3 s would be a fifth of the demo.
    changes: { batchWindowSec: 0 },
    play: (scene) => play(scene, seen),
    resultOf: (ended) => ({ ...countsOf(seen), ...ended }),
    report: (say, result, startedMs) => report(say, seen, result, startedMs),
  });
}

async function play(scene: Scene, seen: Seen): Promise<void> {
  const { cloud, webhookSecret, startedMs, say, sayWhen, complaints } = scene;
  const expected = seed(scene);
  const pilot = seedPilot(cloud);
  const before = cloud.ecs.state();
  say(`A fleet of ${expected.size} instances runs on a local Alibaba Cloud. One rollout attaches`);
  say(
    `key pair ${WANTED_KEY_PAIR} to all of them, and to one instance that does not exist. Another`,
  );
  say(
    `attaches it to ${pilot.instanceIds.length} pilot instances, one of which refuses to reboot.\n`,
  );

  const client = webhook(cloud.endpoints.http['attach']!, webhookSecret);
  const ask = async (name: string, instanceIds: readonly string[], pace: object, note: string) => {
    const { status, view } = await client.post('/rollouts', {
      regionId: cloud.kernel.settings.regionId,
      keyPairName: WANTED_KEY_PAIR,
      instanceIds,
      restart: 'auto',
      startStopped: true,
      note,
      ...pace,
    });
    sayWhen(`${name}  answered ${status}: ${view.rolloutId}`);
    return view;
  };
  seen.view = await ask('fleet', [...expected.keys(), NO_SUCH_ID], FLEET_PACE, 'demo');
  for (const warning of seen.view.warnings) say(`          warning: ${warning}`);
  seen.pilot = await ask('pilot', pilot.instanceIds, PILOT_PACE, 'pilot');

  const launchedIds = await follow(scene, client, seen);
  const after = cloud.ecs.state();
  seen.finding = checkFleet(expected, before, after, seen.view);
  complaints.push(...seen.finding.complaints, ...checkPilot(pilot, before, after, seen.pilot));
  const isLaunched = () => {
    const { instances } = cloud.ecs.state();
    seen.launched = launchedIds.filter((id) => isLaunchDone(instances[id])).length;
    return seen.launched === LAUNCHED;
  };
  await until('the launched instances', isLaunched, { startedMs, limitMs: LIMIT_MS });
  sayWhen(`a launch rule had the ${LAUNCHED} launched instances attached and rebooted`);
}

function seed({ cloud }: LocalCloud): Map<string, Expectation> {
  const expected = new Map<string, Expectation>();
  cloud.seed({ keyPairs: KEY_PAIRS });
  for (const { seed: instances, expected: expectation } of GROUPS) {
    for (const id of cloud.seed({ instances: [instances] }).instanceIds) {
      expected.set(id, expectation);
    }
  }
  return expected;
}

/** Shows the progress until both rollouts are done. Instances are launched meanwhile. */
async function follow(
  { cloud, startedMs, say, sayWhen }: Scene,
  client: Webhook,
  seen: Seen,
): Promise<string[]> {
  const shown = new Map<string, string>();
  const show = (name: string, view: RolloutView) => {
    const line = progressLine(view, Date.now() - startedMs, name);
    // All but the time.
    const news = line.slice(9);
    if (news !== shown.get(name)) say(line);
    shown.set(name, news);
  };
  let launchedIds: string[] = [];
  const areDone = async () => {
    seen.view = await client.get(`/rollouts/${seen.view!.rolloutId}`);
    show('fleet', seen.view);
    seen.pilot = await client.get(`/rollouts/${seen.pilot!.rolloutId}`);
    show('pilot', seen.pilot);
    const isUnderWay = seen.view.results.some(({ restart }) => restart?.kind === 'booting');
    if (isUnderWay && launchedIds.length === 0) {
      const { settings } = cloud.kernel;
      launchedIds = await launch(
        { endpoint: cloud.endpoints.ecs, regionId: settings.regionId, credential: settings },
        { amount: LAUNCHED, instanceName: 'launched-', tags: { team: 'web' } },
      );
      sayWhen(`launched ${LAUNCHED} instances tagged team=web, without a key pair`);
    }
    return seen.view.status === 'done' && seen.pilot.status === 'done';
  };
  await until('the rollouts', areDone, { startedMs, limitMs: LIMIT_MS, everyMs: 500 });
  return launchedIds;
}

function countsOf({ view, finding, launched }: Seen): Counts {
  return {
    instances: view?.totalCount ?? 0,
    attached: view?.attachedCount ?? 0,
    failed: view?.failCount ?? 0,
    skipped: view?.skipCount ?? 0,
    unknown: view?.unknownCount ?? 0,
    waiting: view?.waitingCount ?? 0,
    rebooted: finding?.rebooted ?? 0,
    started: finding?.started ?? 0,
    effective: finding?.effective ?? 0,
    launched,
  };
}

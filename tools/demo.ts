import { parseArgs } from 'node:util';
import { type LocalCloud, startLocalCloud } from '../local/start-local-cloud.ts';
import { build } from './build.ts';
import { chaos } from './demo/chaos.ts';
import { areLaunchesDone, checkFleet, type Finding } from './demo/check.ts';
import {
  type Expectation,
  FLEET_PACE,
  GROUPS,
  KEY_PAIRS,
  NO_SUCH_ID,
  WANTED_KEY_PAIR,
} from './demo/fleet.ts';
import { launch } from './demo/launch.ts';
import { launches } from './demo/launches.ts';
import { logFile } from './demo/log-file.ts';
import { checkPilot, PILOT_PACE, seedPilot } from './demo/pilot.ts';
import { progressLine, seconds } from './demo/progress.ts';
import { report, type Result } from './demo/report.ts';
import { temporaryProject } from './demo/temporary-project.ts';
import { interrupted, waitFor } from './demo/wait.ts';
import { type RolloutView, type Webhook, webhook } from './demo/webhook.ts';

const USAGE = `Usage: npm run demo -- [options]

Attaches a key pair to 121 instances of a local Alibaba Cloud and restarts what needs it, through
the functions that would be deployed. Exits 0 only if every instance ended as its plan said.

  --chaos  200 instances, and everything goes wrong: killed processes, repeated messages, a slow
           store, a throttled minute. Takes up to three minutes
  --launch 500 instances are launched in bursts, told of twice, late and in disorder; each gets the
           key pair of its rule, once. Takes up to a minute and a half
  --json   the last line of standard output is the result as JSON; all else goes to standard error
  --logs   the functions' own log lines go to standard error (otherwise to .local/demo.log)
  --help   this text`;

/** On an idle machine it takes less than a minute; after this long something is wrong. */
const LIMIT_MS = 150_000;
const LAUNCHED = 2;

/** The deployed 3 s would be a fifth of the demo. */
const BATCH_WINDOW_SEC = 0;

interface Told {
  view: RolloutView | undefined;
  pilot: RolloutView | undefined;
  finding: Finding | undefined;
  launched: number;
  complaints: string[];
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help === true) {
    console.log(USAGE);
    return 0;
  }
  const say = options.json === true ? console.error : console.log;
  if (options.chaos === true) return chaos(say, options);
  if (options.launch === true) return launches(say, options);
  const { log, path: logPath, end: endLog } = logFile('demo.log', options.logs === true);
  const told: Told = {
    view: undefined,
    pilot: undefined,
    finding: undefined,
    launched: 0,
    complaints: [],
  };
  const startedMs = Date.now();
  const project = temporaryProject({ batchWindowSec: BATCH_WINDOW_SEC });
  let local: LocalCloud | undefined;
  try {
    await build();
    local = await startLocalCloud({ onLog: log, projectFolder: project.folder });
    await Promise.race([play(local, told, startedMs, say), interrupted()]);
  } catch (error) {
    told.complaints.push(error instanceof Error ? error.message : String(error));
  }
  const apiCalls = { ...local?.cloud.kernel.calls.toJSON()['ecs'] };
  await local?.cloud.stop();
  project.remove();
  await endLog();

  const complaints = [...told.complaints, ...(told.finding?.complaints ?? [])];
  const result = resultOf(told, apiCalls, complaints.length === 0);
  report(say, told, result, { complaints, logPath, startedMs });
  if (options.json === true) console.log(JSON.stringify(result));
  return result.ok ? 0 : 1;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        chaos: { type: 'boolean' },
        launch: { type: 'boolean' },
        json: { type: 'boolean' },
        logs: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    console.error(`Cannot start: ${(error as Error).message}\n\n${USAGE}`);
    return undefined;
  }
}

async function play(
  local: LocalCloud,
  told: Told,
  startedMs: number,
  say: (line: string) => void,
): Promise<void> {
  const { cloud } = local;
  const expected = seed(local);
  const pilot = seedPilot(cloud);
  const before = cloud.ecs.state();
  say(`A fleet of ${expected.size} instances runs on a local Alibaba Cloud.`);
  say(`Asking for key pair ${WANTED_KEY_PAIR} on all of them, and on one that does not exist;`);
  say(`and, beside it, on ${pilot.instanceIds.length} pilots, one of which refuses to reboot:\n`);

  const client = webhook(cloud.endpoints.http['attach']!, local.webhookSecret);
  const ask = (instanceIds: readonly string[], pace: object, note: string) =>
    client.post('/rollouts', {
      regionId: cloud.kernel.settings.regionId,
      keyPairName: WANTED_KEY_PAIR,
      instanceIds,
      restart: 'auto',
      startStopped: true,
      note,
      ...pace,
    });
  const asked = await ask([...expected.keys(), NO_SUCH_ID], FLEET_PACE, 'demo');
  told.view = asked.view;
  say(
    `${seconds(Date.now() - startedMs)}  fleet  answered ${asked.status}: ${asked.view.rolloutId}`,
  );
  for (const warning of asked.view.warnings) say(`          warning: ${warning}`);
  const askedPilot = await ask(pilot.instanceIds, PILOT_PACE, 'pilot');
  told.pilot = askedPilot.view;
  const { rolloutId } = askedPilot.view;
  say(`${seconds(Date.now() - startedMs)}  pilot  answered ${askedPilot.status}: ${rolloutId}`);

  const launchedIds = await follow(local, client, told, startedMs, say);
  const after = cloud.ecs.state();
  told.finding = checkFleet(expected, before, after, told.view);
  told.complaints.push(...checkPilot(pilot, before, after, told.pilot));
  await waitFor('the launched instances', { startedMs, limitMs: LIMIT_MS }, () => {
    const state = cloud.ecs.state();
    told.launched = launchedIds.filter((id) => areLaunchesDone([id], state)).length;
    return told.launched === LAUNCHED;
  });
  const spent = seconds(Date.now() - startedMs);
  say(`${spent}  the ${LAUNCHED} launched instances were attached and rebooted by their event`);
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

/** Shows the progress until both rollouts are done; meanwhile instances are launched. */
async function follow(
  { cloud }: LocalCloud,
  client: Webhook,
  told: Told,
  startedMs: number,
  say: (line: string) => void,
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
  await waitFor('the rollouts', { startedMs, limitMs: LIMIT_MS }, async () => {
    told.view = await client.get(`/rollouts/${told.view!.rolloutId}`);
    show('fleet', told.view);
    told.pilot = await client.get(`/rollouts/${told.pilot!.rolloutId}`);
    show('pilot', told.pilot);
    const isUnderWay = told.view.results.some(({ restart }) => restart?.kind === 'booting');
    if (isUnderWay && launchedIds.length === 0) {
      const { settings } = cloud.kernel;
      launchedIds = await launch(
        { endpoint: cloud.endpoints.ecs, regionId: settings.regionId, credential: settings },
        { amount: LAUNCHED, instanceName: 'launched-', tags: { team: 'web' } },
      );
      const spent = seconds(Date.now() - startedMs);
      say(`${spent}  launched ${LAUNCHED} instances tagged team=web, without a key pair`);
    }
    return told.view.status === 'done' && told.pilot.status === 'done';
  });
  return launchedIds;
}

function resultOf(told: Told, apiCalls: Record<string, number>, ok: boolean): Result {
  const { view, finding } = told;
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
    launched: told.launched,
    apiCalls,
    ok,
  };
}

// After an interruption the play that nobody waits for may still have timers.
process.exit(await main());

import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type LocalCloud, PROJECT_FOLDER, startLocalCloud } from '../local/start-local-cloud.ts';
import { build } from './build.ts';
import { areLaunchesDone, checkFleet, type Finding } from './demo/check.ts';
import { type Expectation, GROUPS, KEY_PAIRS, NO_SUCH_ID, WANTED_KEY_PAIR } from './demo/fleet.ts';
import { launch } from './demo/launch.ts';
import { progressLine, seconds, table } from './demo/progress.ts';
import { type RolloutView, type Webhook, webhook } from './demo/webhook.ts';

const USAGE = `Usage: npm run demo -- [options]

Attaches a key pair to 121 instances of a local Alibaba Cloud and restarts what needs it, through
the functions that would be deployed. Exits 0 only if every instance ended as its plan said.

  --json   the last line of standard output is the result as JSON; all else goes to standard error
  --logs   the functions' own log lines go to standard error (otherwise to .local/demo.log)
  --help   this text`;

/** On an idle machine it takes half a minute; after this long something is wrong. */
const LIMIT_MS = 150_000;
const LOOK_EVERY_MS = 500;
const LAUNCHED = 2;

/** What `--json` prints. */
interface Result {
  readonly instances: number;
  readonly attached: number;
  readonly failed: number;
  readonly skipped: number;
  readonly unknown: number;
  readonly waiting: number;
  readonly rebooted: number;
  readonly started: number;
  /** Attached instances that the new key logs in to. */
  readonly effective: number;
  /** Launched instances that the new key logs in to; counted apart. */
  readonly launched: number;
  readonly apiCalls: Readonly<Record<string, number>>;
  readonly ok: boolean;
}

interface Told {
  view: RolloutView | undefined;
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
  const { log, logPath, endLog } = logOf(options.logs === true);
  const told: Told = { view: undefined, finding: undefined, launched: 0, complaints: [] };
  let local: LocalCloud | undefined;
  try {
    await build();
    local = await startLocalCloud({ onLog: log });
    await Promise.race([play(local, told, say), interrupted()]);
  } catch (error) {
    told.complaints.push(error instanceof Error ? error.message : String(error));
  }
  const apiCalls = { ...local?.cloud.kernel.calls.toJSON()['ecs'] };
  await local?.cloud.stop();
  await endLog();

  const complaints = [...told.complaints, ...(told.finding?.complaints ?? [])];
  const result = resultOf(told, apiCalls, complaints.length === 0);
  report(say, told, result, complaints, logPath);
  if (options.json === true) console.log(JSON.stringify(result));
  return result.ok ? 0 : 1;
}

/** Ctrl-C ends every process, and the result is still told. */
function interrupted(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(new Error('Cannot go on: interrupted'));
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
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

function logOf(toTerminal: boolean) {
  const folder = join(PROJECT_FOLDER, '.local');
  mkdirSync(folder, { recursive: true });
  const logPath = join('.local', 'demo.log');
  const file = createWriteStream(join(PROJECT_FOLDER, logPath));
  const log = (name: string, line: string) => {
    file.write(`${name} ${line}\n`);
    if (toTerminal) console.error(`${name} ${line}`);
  };
  return { log, logPath, endLog: () => new Promise<void>((resolve) => file.end(resolve)) };
}

async function play(local: LocalCloud, told: Told, say: (line: string) => void): Promise<void> {
  const startedMs = Date.now();
  const { cloud } = local;
  const expected = seed(local);
  const before = cloud.ecs.state();
  say(`A fleet of ${expected.size} instances runs on a local Alibaba Cloud.`);
  say(`Asking for key pair ${WANTED_KEY_PAIR} on all of them, and on one that does not exist:\n`);

  const client = webhook(cloud.endpoints.http['attach']!, local.webhookSecret);
  const asked = await client.post('/rollouts', {
    regionId: cloud.kernel.settings.regionId,
    keyPairName: WANTED_KEY_PAIR,
    instanceIds: [...expected.keys(), NO_SUCH_ID],
    restart: 'auto',
    startStopped: true,
    note: 'demo',
  });
  told.view = asked.view;
  say(`${seconds(Date.now() - startedMs)}  answered ${asked.status}: ${asked.view.rolloutId}`);
  for (const warning of asked.view.warnings) say(`          warning: ${warning}`);

  const launchedIds = await follow(local, client, told, startedMs, say);
  told.finding = checkFleet(expected, before, cloud.ecs.state(), told.view);
  await waitFor('the launched instances', startedMs, () => {
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

/** Shows the progress until the rollout is done; launches instances once all restarts are asked for. */
async function follow(
  { cloud }: LocalCloud,
  client: Webhook,
  told: Told,
  startedMs: number,
  say: (line: string) => void,
): Promise<string[]> {
  let shown = '';
  let launchedIds: string[] = [];
  await waitFor('the rollout', startedMs, async () => {
    const view = await client.get(`/rollouts/${told.view!.rolloutId}`);
    told.view = view;
    const line = progressLine(view, Date.now() - startedMs);
    if (line.slice(9) !== shown) say(line);
    shown = line.slice(9);
    const isUnderWay = view.results.every(
      ({ restart }) => restart === undefined || !['due', 'claimed'].includes(restart.kind),
    );
    if (isUnderWay && launchedIds.length === 0) {
      launchedIds = await launch(cloud.endpoints.ecs, cloud.kernel.settings, LAUNCHED);
      const spent = seconds(Date.now() - startedMs);
      say(`${spent}  launched ${LAUNCHED} instances tagged team=web, without a key pair`);
    }
    return view.status === 'done';
  });
  return launchedIds;
}

async function waitFor(
  what: string,
  startedMs: number,
  isOver: () => boolean | Promise<boolean>,
): Promise<void> {
  while (!(await isOver())) {
    const spentMs = Date.now() - startedMs;
    if (spentMs > LIMIT_MS)
      throw new Error(`Cannot wait for ${what}: ${seconds(spentMs)} are over`);
    await pause(LOOK_EVERY_MS);
  }
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

function report(
  say: (line: string) => void,
  { view }: Told,
  result: Result,
  complaints: readonly string[],
  logPath: string,
): void {
  const rows = new Map<string, number>();
  for (const { kind, reason, code, restart } of view?.results ?? []) {
    const key = [kind, reason ?? code ?? '', restart?.how ?? '', restart?.kind ?? ''].join('\n');
    rows.set(key, (rows.get(key) ?? 0) + 1);
  }
  const outcomes = [...rows].map(([key, count]) => [...key.split('\n'), String(count)]);
  const calls = Object.entries(result.apiCalls)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([action, count]) => [action, String(count)]);
  say(`\n${table(['outcome', 'reason', 'restart', 'which is', 'instances'], outcomes)}\n`);
  say(`${table(['call to ECS', 'count'], calls)}\n`);
  if (result.ok) {
    say(
      `Every instance ended as its plan said: ${result.attached} attached, ${result.rebooted} rebooted, ` +
        `${result.started} started, each once; the new key logs in to ${result.effective}.`,
    );
    return;
  }
  say('Not as the plan said:');
  for (const complaint of complaints) say(`  ${complaint}`);
  say(`What the functions said: ${logPath}`);
}

// After an interruption the play that nobody waits for may still have timers.
process.exit(await main());

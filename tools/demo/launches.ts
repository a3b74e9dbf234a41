import { type LocalCloud, startLocalCloud } from '../../local/start-local-cloud.ts';
import { build } from '../build.ts';
import { disturb, seedBystanders } from './launches/bystanders.ts';
import { check, type Finding, type Played } from './launches/check.ts';
import {
  GROUPS,
  INSTANCES,
  KEY_PAIRS,
  POLICY,
  sizeOf,
  TO_ATTACH,
  TO_RESTART,
} from './launches/groups.ts';
import { type Launched, storm } from './launches/storm.ts';
import { weather } from './launches/weather.ts';
import { Witness } from './launches/witness.ts';
import { logFile } from './log-file.ts';
import { seconds, table } from './progress.ts';
import { temporaryProject } from './temporary-project.ts';
import { interrupted, waitFor } from './wait.ts';

/** On an idle machine it takes little more than a minute; after this long something is wrong. */
const LIMIT_MS = 240_000;
const TELL_EVERY_MS = 3_000;

type Say = (line: string) => void;

interface Result {
  readonly instances: number;
  readonly launches: number;
  /** Events that the cloud told of, each once. */
  readonly events: number;
  /** Deliveries of them to functions that came a second time. */
  readonly duplicates: number;
  readonly rollouts: number;
  readonly bound: number;
  readonly restarted: number;
  readonly effective: number;
  readonly deadLetters: number;
  readonly apiCalls: Readonly<Record<string, number>>;
  readonly ok: boolean;
}

interface Told {
  readonly launched: Launched;
  witness: Witness | undefined;
  finding: Finding | undefined;
  duplicates: number;
  readonly complaints: string[];
}

/** Launches 500 instances and looks whether each got the key pair of its rule, once. */
export async function launches(
  say: Say,
  options: { readonly json?: boolean; readonly logs?: boolean },
): Promise<number> {
  const startedMs = Date.now();
  const { log, path: logPath, end } = logFile('launch.log', options.logs === true);
  const project = temporaryProject({ policy: POLICY });
  const told: Told = {
    launched: { groups: new Map(), calls: 0, refused: 0 },
    witness: undefined,
    finding: undefined,
    duplicates: 0,
    complaints: [],
  };
  let local: LocalCloud | undefined;
  try {
    await build(project.folder);
    local = await startLocalCloud({ projectFolder: project.folder, onLog: log });
    await Promise.race([play(local, told, startedMs, say), interrupted()]);
  } catch (error) {
    told.complaints.push(error instanceof Error ? error.message : String(error));
  }
  const apiCalls = { ...local?.cloud.kernel.calls.toJSON()['ecs'] };
  await local?.cloud.stop();
  project.remove();
  await end();
  const result = resultOf(told, apiCalls);
  report(say, told, result, { startedMs, logPath });
  if (options.json === true) console.log(JSON.stringify(result));
  return result.ok ? 0 : 1;
}

async function play({ cloud }: LocalCloud, told: Told, startedMs: number, say: Say): Promise<void> {
  cloud.seed({ keyPairs: KEY_PAIRS });
  const bystanders = seedBystanders(cloud);
  const witness = new Witness(cloud.kernel);
  told.witness = witness;
  const { launched } = told;
  const played: Played = { cloud, witness, bystanders, groups: launched.groups };
  const since = () => seconds(Date.now() - startedMs);
  const { bus, duplicates } = weather(cloud);
  say(`${INSTANCES} instances are launched by an account, a user, a role and a person, in bursts.`);
  say(`${bus}\n`);
  let shown = '';
  const tell = () => {
    const finding = (told.finding = check(played));
    told.duplicates = duplicates();
    const line = progressOf(launched, finding);
    if (line !== shown) say(`${since()}  ${line}`);
    shown = line;
  };
  const teller = setInterval(tell, TELL_EVERY_MS);
  try {
    await Promise.all([storm(cloud, launched), disturb(cloud, bystanders)]);
    say(
      `${since()}  all are launched, in ${launched.calls} calls; ECS refused ${launched.refused} more`,
    );
    await waitFor('every instance to be as it should', { startedMs, limitMs: LIMIT_MS }, () => {
      told.finding = check(played);
      return told.finding.complaints.length === 0;
    });
    say(`${since()}  every instance is as it should be; whatever is still on its way comes now`);
    await waitFor('the bus and the queue', { startedMs, limitMs: LIMIT_MS }, () => isQuiet(cloud));
  } finally {
    clearInterval(teller);
    tell();
  }
}

function progressOf({ groups }: Launched, finding: Finding): string {
  const { bound, restarted, rollouts, rolloutsDone } = finding;
  return [
    `launched ${groups.size} of ${INSTANCES}`,
    `bound ${bound} of ${TO_ATTACH}`,
    `restarted ${restarted} of ${TO_RESTART}`,
    `rollouts ${rollouts}, done ${rolloutsDone}`,
  ].join(' · ');
}

/** Nothing is under delivery, and no message is left that could still do something. */
function isQuiet({ smq, fc, isIdle }: LocalCloud['cloud']): boolean {
  const queues = smq.state() as Readonly<Record<string, { readonly messages: readonly unknown[] }>>;
  const names = fc.functions.map(({ environment }) => environment['SMQ_QUEUE'] ?? '');
  return isIdle() && names.every((name) => queues[name]?.messages.length === 0);
}

function resultOf(told: Told, apiCalls: Record<string, number>): Result {
  const { launched, witness, finding, duplicates, complaints } = told;
  return {
    instances: launched.groups.size,
    launches: launched.calls,
    events: witness?.events ?? 0,
    duplicates,
    rollouts: finding?.rollouts ?? 0,
    bound: finding?.bound ?? 0,
    restarted: finding?.restarted ?? 0,
    effective: finding?.effective ?? 0,
    deadLetters: finding?.deadLetters ?? 0,
    apiCalls,
    ok: complaints.length === 0 && finding?.complaints.length === 0,
  };
}

/** Complaints shown at most: one fault is often every instance's. */
const SHOWN = 20;

function report(
  say: Say,
  { finding, complaints }: Told,
  result: Result,
  { startedMs, logPath }: { readonly startedMs: number; readonly logPath: string },
): void {
  const rows = GROUPS.map((group) => {
    const { name, rule, expected } = group;
    return [
      name,
      rule ?? '–',
      String(sizeOf(group)),
      expected.bound ?? '–',
      expected.restarted === 1 ? 'once' : 'no',
      expected.effective ?? 'no key pair',
    ];
  });
  const head = ['launched', 'rule', 'instances', 'bound', 'restarted', 'logs in'];
  say(`\n${table(head, rows)}\n`);
  const calls = Object.entries(result.apiCalls)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([action, count]) => [action, String(count)]);
  say(`${table(['call to ECS', 'count'], calls)}\n`);
  if (result.ok) {
    say(
      `Each of the ${result.instances} instances ended as the table says, in ${result.rollouts} ` +
        `rollouts and ${seconds(Date.now() - startedMs).trim()}, although ${result.duplicates} deliveries ` +
        `of the ${result.events} events came twice and all came late and in disorder.`,
    );
    return;
  }
  say('Not as promised:');
  const all = [...complaints, ...(finding?.complaints ?? [])];
  for (const complaint of all.slice(0, SHOWN)) say(`  ${complaint}`);
  if (all.length > SHOWN) say(`  … and ${all.length - SHOWN} more`);
  say(`What the functions said: ${logPath}`);
}

import type { LocalCloud } from '../../local/start-local-cloud.ts';
import { until } from '../until.ts';
import { disturb, seedBystanders } from './launches/bystanders.ts';
import { check, type Played } from './launches/check.ts';
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
import { callsTable, seconds, table } from './progress.ts';
import { type DemoOptions, type Ended, runDemo, type Say, type Scene } from './run-demo.ts';

/** On an idle machine it takes little more than a minute; after this long something is wrong. */
const LIMIT_MS = 240_000;
const TELL_EVERY_MS = 3_000;

/** What the demo prints as its result; kept up to date while it is played. */
const nothingSeen = () => ({
  instances: 0,
  launches: 0,
  /** Different events that the cloud published. */
  events: 0,
  /** Deliveries that were repeated. */
  duplicates: 0,
  rollouts: 0,
  bound: 0,
  restarted: 0,
  effective: 0,
  deadLetters: 0,
});
type Seen = ReturnType<typeof nothingSeen>;

/** Launches 500 instances and checks that each got the key pair of its rule, once. */
export function launches(options: DemoOptions): Promise<number> {
  const seen = nothingSeen();
  return runDemo({
    options,
    logName: 'launch.log',
    changes: { policy: POLICY },
    play: (scene) => play(scene, seen),
    resultOf: (ended) => ({ ...seen, ...ended }),
    report,
  });
}

async function play(scene: Scene, seen: Seen): Promise<void> {
  const { cloud, startedMs, say, sayWhen, complaints } = scene;
  cloud.seed({ keyPairs: KEY_PAIRS });
  const bystanders = seedBystanders(cloud);
  const witness = new Witness(cloud.kernel);
  const launched: Launched = { groups: new Map(), calls: 0, refused: 0 };
  const played: Played = { cloud, witness, bystanders, groups: launched.groups };
  const { bus, duplicates } = weather(cloud);
  say(`${INSTANCES} instances are launched in bursts, by an account, a user, a role and a person.`);
  say(`${bus}\n`);
  let shown = '';
  const tell = () => {
    const { complaints: wrong, right: _right, rolloutsDone, ...found } = check(played);
    const instances = launched.groups.size;
    const { events } = witness;
    Object.assign(seen, found);
    Object.assign(seen, { instances, launches: launched.calls, events, duplicates: duplicates() });
    const line = [
      `launched ${instances} of ${INSTANCES}`,
      `bound ${found.bound} of ${TO_ATTACH}`,
      `restarted ${found.restarted} of ${TO_RESTART}`,
      `rollouts ${found.rollouts}, done ${rolloutsDone}`,
    ].join(' · ');
    if (line !== shown) sayWhen(line);
    shown = line;
    return wrong;
  };
  const teller = setInterval(tell, TELL_EVERY_MS);
  const limit = { startedMs, limitMs: LIMIT_MS };
  try {
    await Promise.all([storm(cloud, launched), disturb(cloud, bystanders)]);
    const { calls, refused } = launched;
    sayWhen(`all are launched, with ${calls} calls; ECS refused ${refused} more calls`);
    await until('every instance', () => check(played).complaints.length === 0, limit);
    sayWhen('every instance is as expected; the last events and messages are still to come');
    await until('the last events and messages', () => isQuiet(cloud), limit);
  } finally {
    clearInterval(teller);
    complaints.push(...tell());
  }
}

/** Nothing is under delivery, and no message is left that could still do something. */
function isQuiet({ smq, fc, isIdle }: LocalCloud['cloud']): boolean {
  const queues = smq.state() as Readonly<Record<string, { readonly messages: readonly unknown[] }>>;
  const names = fc.functions.map(({ environment }) => environment['SMQ_QUEUE'] ?? '');
  return isIdle() && names.every((name) => queues[name]?.messages.length === 0);
}

function report(say: Say, result: Seen & Ended, startedMs: number): void {
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
  say(`${callsTable(result.apiCalls)}\n`);
  if (!result.ok) return;
  say(
    `All ${result.instances} instances ended as the table says, in ${result.rollouts} rollouts and ` +
      `${seconds(Date.now() - startedMs).trim()}. There were ${result.events} events, all late and out of order; ` +
      `${result.duplicates} deliveries were repeated.`,
  );
}

import { setTimeout as pause } from 'node:timers/promises';
import { type LocalCloud, startLocalCloud } from '../../local/start-local-cloud.ts';
import { build } from '../build.ts';
import { INSTANCES, KEY_PAIR, ROLLOUTS, seedRollouts } from './chaos/fleet.ts';
import { CLAIM_AND_CALL } from './chaos/kills.ts';
import { Operator } from './chaos/operator.ts';
import { Weather } from './chaos/weather.ts';
import { logFile } from './log-file.ts';
import { seconds, table } from './progress.ts';
import { temporaryProject } from './temporary-project.ts';
import { interrupted, waitFor } from './wait.ts';
import { webhook } from './webhook.ts';

const LIMIT_MS = 175_000;

/** The shortest that a function takes: whoever claimed is known to be dead after it, and 30 s. */
const PROJECT = { timeoutSec: 16, tickSec: 5, batchWindowSec: 0 };

/** A minute of 3 s. The pauses of EventBridge are shorter still: each holds its queue up. */
const SETTINGS = { minuteMs: 3_000, eventbridge: { retryPauseFactor: 0.02 } };

/** Between two rollouts that are asked for: so that a kill hits one of them, or a few. */
const STAGGER_MS = 400;
const TELL_EVERY_MS = 4_000;

type Say = (line: string) => void;

interface Result {
  readonly instances: number;
  readonly kills: number;
  readonly killsBetweenClaimAndCall: number;
  /** Never in doubt, and booted exactly once more. */
  readonly bootedOnce: number;
  /** Claimed and never answered, without evidence: at most one boot more before a person decided. */
  readonly unknown: number;
  readonly resolved: number;
  /** The new key logs in. */
  readonly effective: number;
  readonly ok: boolean;
}

/** The worst that can be done to Latchkey in three minutes, and what became of it. */
export async function chaos(
  say: Say,
  options: { readonly json?: boolean; readonly logs?: boolean },
): Promise<number> {
  const startedMs = Date.now();
  const { log, path: logPath, end } = logFile('chaos.log', options.logs === true);
  const project = temporaryProject(PROJECT);
  let local: LocalCloud | undefined;
  let result: Result | undefined;
  const complaints: string[] = [];
  try {
    await build();
    local = await startLocalCloud({
      projectFolder: project.folder,
      settings: SETTINGS,
      onLog: log,
    });
    result = await Promise.race([play(local, startedMs, complaints, say), interrupted()]);
  } catch (error) {
    complaints.push(error instanceof Error ? error.message : String(error));
  }
  await local?.cloud.stop();
  project.remove();
  await end();
  const ok = result !== undefined && complaints.length === 0;
  if (ok) {
    say(
      `No instance was restarted twice. ${result!.bootedOnce} booted exactly once more; ` +
        `${result!.unknown} were unknown, and a person had them retried. ` +
        `The new key logs in to all ${result!.effective}.`,
    );
  } else {
    say('Not as promised:');
    for (const complaint of complaints) say(`  ${complaint}`);
    say(`What the functions said: ${logPath}`);
  }
  if (options.json === true) console.log(JSON.stringify({ ...result, ok }));
  return ok ? 0 : 1;
}

async function play(
  { cloud, webhookSecret }: LocalCloud,
  startedMs: number,
  complaints: string[],
  say: Say,
): Promise<Result> {
  const shards = seedRollouts(cloud);
  const before = cloud.ecs.state();
  const operator = new Operator(cloud, webhook(cloud.endpoints.http['attach']!, webhookSecret));
  const { ledger } = operator;
  const weather = new Weather(cloud);
  const { kills } = weather;
  say(
    `${INSTANCES} instances, ${ROLLOUTS} rollouts. Every queue message comes twice, the store is`,
  );
  say('late, calls are throttled for a minute of 3 s, and function instances are killed.\n');
  weather.begin();

  let isOver = false;
  const seen = shards.map(async (instanceIds, index) => {
    await pause(index * STAGGER_MS);
    await operator.see(instanceIds, () => isOver);
  });
  const failed = new Promise<never>((_resolve, reject) => {
    for (const one of seen) one.catch(reject);
  });
  const line = () =>
    `killed ${kills.total} (${kills.at(CLAIM_AND_CALL)} ${CLAIM_AND_CALL}) · ready ` +
    `${ledger.ready.size} · were unknown ${ledger.retried.size} · rollouts done ${ledger.done}`;
  const teller = setInterval(
    () => say(`${seconds(Date.now() - startedMs)}  ${line()}`),
    TELL_EVERY_MS,
  );
  try {
    await Promise.race([
      failed,
      waitFor('every instance to be ready', { startedMs, limitMs: LIMIT_MS }, () => {
        return ledger.done === ROLLOUTS;
      }),
    ]);
  } finally {
    isOver = true;
    clearInterval(teller);
    weather.end();
    say(`${seconds(Date.now() - startedMs)}  ${line()}\n`);
  }

  complaints.push(...ledger.complaints);
  const after = cloud.ecs.state().instances;
  const ids = shards.flat();
  const bootsOf = (id: string) => after[id]!.boots - before.instances[id]!.boots;
  const undoubted = ids.filter((id) => !ledger.retried.has(id));
  const bootedOnce = undoubted.filter((id) => bootsOf(id) === 1).length;
  const effective = ids.filter((id) => after[id]!.effectiveKeyPairName === KEY_PAIR).length;
  const resolved = [...ledger.retried.keys()].filter((id) => ledger.ready.has(id)).length;
  if (bootedOnce < undoubted.length) {
    complaints.push(`${undoubted.length - bootedOnce} instances did not boot exactly once more`);
  }
  if (effective < ids.length) complaints.push(`the key logs in to ${effective} only`);
  if (resolved < ledger.retried.size) complaints.push(`only ${resolved} were resolved`);
  if (!kills.areEnough) {
    const between = `${kills.at(CLAIM_AND_CALL)} of them ${CLAIM_AND_CALL}`;
    complaints.push(`only ${kills.total} were killed, ${between}`);
  }
  if (!weather.hasThrottledAll) complaints.push('not everything was throttled');

  say(`${table(['function instances killed', 'count'], kills.toRows())}\n`);
  const [stream] = (cloud.eventbridge.state() as { streams: { delivered: number }[] }).streams;
  say(
    `${table(
      ['and', 'count'],
      [
        ['queue messages delivered, each twice', String(stream?.delivered ?? 0)],
        ['instances put off by a throttled call', String(ledger.throttled)],
      ],
    )}\n`,
  );
  return {
    instances: ids.length,
    kills: kills.total,
    killsBetweenClaimAndCall: kills.at(CLAIM_AND_CALL),
    bootedOnce,
    unknown: ledger.retried.size,
    resolved,
    effective,
    ok: complaints.length === 0,
  };
}

import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../until.ts';
import { INSTANCES, KEY_PAIR, ROLLOUTS, seedRollouts } from './chaos/fleet.ts';
import { CLAIM_AND_CALL } from './chaos/kills.ts';
import { Operator } from './chaos/operator.ts';
import { Weather } from './chaos/weather.ts';
import { table } from './progress.ts';
import { type DemoOptions, runDemo, type Scene } from './run-demo.ts';
import { webhook } from './webhook.ts';

const LIMIT_MS = 175_000;

/** Rollouts start one after the other, so that a kill hits only a few of them. */
const STAGGER_MS = 400;
const TELL_EVERY_MS = 4_000;

/** The worst that can be done to Latchkey in three minutes, and what became of it. */
export function chaos(options: DemoOptions): Promise<number> {
  let counts: Awaited<ReturnType<typeof play>> | undefined;
  return runDemo({
    options,
    logName: 'chaos.log',
    // Short time limits, because a claim is settled 30 s after the time limit of its owner.
    changes: { timeoutSec: 16, tickSec: 5, batchWindowSec: 0 },
    // A throttled minute takes 3 s. EventBridge retries sooner still, because a retry holds its queue up.
    settings: { minuteMs: 3_000, eventbridge: { retryPauseFactor: 0.02 } },
    play: async (scene) => {
      counts = await play(scene);
    },
    resultOf: ({ ok }) => ({ ...counts, ok }),
    report: (say, { ok }) => {
      if (!ok || counts === undefined) return;
      say(
        `Latchkey restarted no instance twice on its own. ${counts.bootedOnce} booted exactly once more; ` +
          `${counts.unknown} were unknown until a person had them retried. ` +
          `The new key logs in to all ${counts.effective}.`,
      );
    },
  });
}

async function play(scene: Scene) {
  const { cloud, webhookSecret, startedMs, complaints, say, sayWhen } = scene;
  const shards = seedRollouts(cloud);
  const before = cloud.ecs.state();
  const operator = new Operator(cloud, webhook(cloud.endpoints.http['attach']!, webhookSecret));
  const { ledger } = operator;
  const weather = new Weather(cloud);
  const { kills } = weather;
  say(
    `${INSTANCES} instances in ${ROLLOUTS} rollouts. Every queue message comes twice, the store is`,
  );
  say('slow, ECS throttles for a minute of 3 s, and function instances are killed.\n');
  weather.begin();

  let isOver = false;
  const seen = shards.map(async (instanceIds, index) => {
    await pause(index * STAGGER_MS);
    await operator.see(instanceIds, () => isOver);
  });
  const failed = new Promise<never>((_resolve, reject) => {
    for (const one of seen) one.catch(reject);
  });
  const tell = () =>
    sayWhen(
      `killed ${kills.total} (${kills.at(CLAIM_AND_CALL)} ${CLAIM_AND_CALL}) · ready ` +
        `${ledger.ready.size} · were unknown ${ledger.retried.size} · rollouts done ${ledger.done}`,
    );
  const teller = setInterval(tell, TELL_EVERY_MS);
  try {
    const areDone = () => ledger.done === ROLLOUTS;
    const done = until('every instance to be ready', areDone, { startedMs, limitMs: LIMIT_MS });
    await Promise.race([failed, done]);
  } finally {
    isOver = true;
    clearInterval(teller);
    weather.end();
    tell();
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

  say(`\n${table(['function instances killed', 'count'], kills.toRows())}\n`);
  const [stream] = (cloud.eventbridge.state() as { streams: { delivered: number }[] }).streams;
  say(
    `${table(
      ['what else went wrong', 'count'],
      [
        ['queue messages delivered twice', String(stream?.delivered ?? 0)],
        ['instances delayed by a throttled call', String(ledger.throttled)],
      ],
    )}\n`,
  );
  return {
    instances: ids.length,
    kills: kills.total,
    killsBetweenClaimAndCall: kills.at(CLAIM_AND_CALL),
    /** Instances that were never unknown, and booted exactly once more. */
    bootedOnce,
    /** Claimed without an answer or evidence. They booted at most once more before a person decided. */
    unknown: ledger.retried.size,
    resolved,
    /** The new key logs in. */
    effective,
  };
}

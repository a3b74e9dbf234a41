import { ask } from '../ask.ts';
import type { AskPorts } from '../ask-ports.ts';
import type { Invocation } from '../carry-out.ts';
import { LatchkeyError } from '../../model/errors.ts';
import type { InstanceId, Snapshot } from '../../model/instance.ts';
import { type LaunchVerdict, united, verdictOn } from '../../launch/launches.ts';
import type { Launch } from '../../model/launch.ts';
import { describeAll } from '../look-up.ts';
import type { LaunchRule, Policy } from '../../model/policy.ts';
import { chunks, mapPool } from '../../../lib/pool.ts';
import { MAX_INSTANCES } from '../../model/request.ts';
import { claimsOn, type LaunchClaims } from './claims.ts';
import { checkFingerprint, launchRequest } from './rollout-request.ts';
import { Unanswered, type UnansweredPorts } from './unanswered.ts';

/** The most instances that one invocation answers: our own choice. The others wait. */
const MAX_AT_ONCE = 2_000;

/** Rollouts begun at once: our own choice. Each has several calls in flight itself. */
const IN_FLIGHT = 4;

/** The longest call, as in carry-out.ts. With less time left, no rollout is begun. */
const BEGIN_MS = 11_000;

export type LaunchPorts = AskPorts &
  UnansweredPorts & {
    readonly regionId: string;
    readonly policy: Pick<Policy, 'launch'>;
  };

/** What the steps of one batch share. */
interface Batch {
  readonly ports: LaunchPorts;
  readonly invocation: Invocation;
  readonly unanswered: Unanswered;
}

/** What is known about the instances of a batch. */
interface Known {
  readonly claims: LaunchClaims;
  readonly snapshots: ReadonlyMap<InstanceId, Snapshot>;
}

/**
 * Answers launches with rollouts: one rollout for each rule, with all gathered launches of the batch. New
 * launches go back to the queue, so that launches of the same time are answered together.
 *
 * A launch that cannot be answered now is sent again. One that can never be answered becomes a dead letter. An
 * instance that is in a launch rollout gets no second one.
 *
 * @param reported new launches, from events
 * @param gathered launches that waited for their common moment
 * @throws {LatchkeyError} when a queue did not take a message. Then the batch must be delivered again, and what
 * was done is not done twice
 */
export async function answerLaunches(
  reported: readonly Launch[],
  gathered: readonly Launch[],
  ports: LaunchPorts,
  invocation: Invocation,
): Promise<void> {
  if (reported.length + gathered.length === 0) return;
  const startedMs = ports.clock.nowMs();
  const unanswered = new Unanswered(ports);
  // Clocks differ. A launch with a time in the future would wait for it.
  const inTime = (launches: readonly Launch[]) =>
    united(launches).map((launch) => ({ ...launch, atMs: Math.min(launch.atMs, startedMs) }));
  unanswered.wait(inTime(reported));
  const bug = await answer(inTime(gathered), { ports, invocation, unanswered });
  ports.log('info', 'launches', {
    told: reported.length,
    due: gathered.length,
    waiting: unanswered.waiting,
    deadLetters: unanswered.dead,
    tookMs: ports.clock.nowMs() - startedMs,
  });
  await unanswered.send();
  if (bug !== undefined) throw bug;
}

/** @returns a bug, after everything else was done */
async function answer(due: readonly Launch[], batch: Batch): Promise<unknown> {
  const { ports, invocation, unanswered } = batch;
  const now = due.slice(0, MAX_AT_ONCE);
  unanswered.wait(due.slice(MAX_AT_ONCE));
  let bug: unknown;
  const ownBug = await orFail(now, batch, async () => {
    const claims = await claimsOn(now, ports, invocation);
    const open = now.filter(({ instanceId }) => !claims.inRollout.has(instanceId));
    const ids = open.map(({ instanceId }) => instanceId);
    const snapshots = await describeAll(ports.ecs, ids);
    const tasks = [...byRule(open, snapshots, batch)].flatMap(([rule, all]) =>
      chunks(all, MAX_INSTANCES).map((launches) => ({ rule, launches })),
    );
    const bugs = await mapPool(tasks, IN_FLIGHT, ({ rule, launches }) =>
      orFail(launches, batch, () => begin(rule, launches, { claims, snapshots }, batch)),
    );
    bug = bugs.find((one) => one !== undefined);
  });
  return ownBug ?? bug;
}

/** The launches to answer now, by rule. The others wait or are dropped. */
function byRule(
  launches: readonly Launch[],
  snapshots: ReadonlyMap<InstanceId, Snapshot>,
  { ports: { policy, clock, log, regionId }, unanswered }: Batch,
): Map<LaunchRule, Launch[]> {
  const toAnswer = new Map<LaunchRule, Launch[]>();
  for (const launch of launches) {
    const { instanceId, eventKey, source } = launch;
    const verdict: LaunchVerdict =
      launch.regionId === regionId
        ? verdictOn(launch, snapshots.get(instanceId), policy.launch, clock.nowMs())
        : { kind: 'drop', why: 'another region' };
    switch (verdict.kind) {
      case 'drop':
        log('info', 'launch-dropped', { instanceId, why: verdict.why, eventKey, source });
        break;
      case 'later':
        unanswered.wait([verdict.launch], verdict.notBeforeMs);
        break;
      case 'ask': {
        const some = toAnswer.get(verdict.rule) ?? [];
        toAnswer.set(verdict.rule, some);
        some.push(launch);
        break;
      }
    }
  }
  return toAnswer;
}

/** Begins one rollout with those launches that it can claim. */
async function begin(
  rule: LaunchRule,
  launches: readonly Launch[],
  { claims, snapshots }: Known,
  { ports, invocation, unanswered }: Batch,
): Promise<void> {
  const { ecs, clock, regionId, log } = ports;
  if (clock.nowMs() + BEGIN_MS > invocation.deadlineMs) return unanswered.wait(launches);
  await checkFingerprint(rule, ecs);
  const ids = launches.map(({ instanceId }) => instanceId);
  const { origin, ours, ownedUntilMs } = await claims.claim(rule.name, ids);
  let members: ReadonlySet<InstanceId> = new Set();
  if (ours.size > 0) {
    const mine = launches.filter(({ instanceId }) => ours.has(instanceId));
    const request = launchRequest(rule, mine, regionId);
    const answered = await ask(request, origin, ports, invocation, { client: null, snapshots });
    if (answered.kind === 'rollout') {
      const { rolloutId, instances } = answered.rollout;
      members = new Set(instances.map(({ instanceId }) => instanceId));
      log('info', 'launch-rollout', { rule: rule.name, rolloutId, instances: instances.length });
    }
  }
  // The others have another owner. Whether it creates their rollout shows once its time is over.
  for (const launch of launches) {
    const { instanceId } = launch;
    if (!members.has(instanceId)) unanswered.wait([launch], ownedUntilMs.get(instanceId));
  }
}

/** Lets the launches fail for an expected error. @returns a bug */
async function orFail(
  launches: readonly Launch[],
  { ports: { log }, unanswered }: Batch,
  work: () => Promise<void>,
): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof LatchkeyError)) {
      log('error', 'bug', { error });
      return error;
    }
    unanswered.fail(launches, error);
    return undefined;
  }
}

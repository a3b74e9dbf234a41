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
import { type Claims, claimsOn } from './launch-claims.ts';
import { checkFingerprint, launchRequest } from './launch-request.ts';
import { LaunchRest, type RestPorts } from './launch-rest.ts';

/** Instances that one invocation answers at most, the others wait: our own choice. */
const MAX_AT_ONCE = 2_000;

/** Rollouts begun at once: our own choice, each has several calls in flight itself. */
const IN_FLIGHT = 4;

/** A call with its connection and its reading, as in carry-out.ts: less, and nothing is begun. */
const BEGIN_MS = 11_000;

export type LaunchPorts = AskPorts &
  RestPorts & {
    readonly regionId: string;
    readonly policy: Pick<Policy, 'launch'>;
  };

/** One batch of launches, on its way. */
interface Batch {
  readonly ports: LaunchPorts;
  readonly invocation: Invocation;
  readonly rest: LaunchRest;
}

/** What is known of its instances. */
interface Known {
  readonly claims: Claims;
  readonly snapshots: ReadonlyMap<InstanceId, Snapshot>;
}

/**
 * Answers launches by rollouts: one for each rule, of all that its batch holds. Those that events told
 * of just now only get the moment at which they are answered together with all others of that time.
 *
 * Whatever cannot be answered now is sent again, and whatever cannot be answered at all becomes a dead
 * letter. An instance that is in a launch rollout already starts no other.
 *
 * @param told of by events, for the first time
 * @param due those that waited
 * @throws {LatchkeyError} when a queue did not take what is still to be done: then the batch must come
 * again, and what was done is not done twice
 */
export async function answerLaunches(
  told: readonly Launch[],
  due: readonly Launch[],
  ports: LaunchPorts,
  invocation: Invocation,
): Promise<void> {
  if (told.length + due.length === 0) return;
  const startedMs = ports.clock.nowMs();
  const rest = new LaunchRest(ports);
  rest.wait(united(told).map((launch) => notInFuture(launch, startedMs)));
  const now = united(due).map((launch) => notInFuture(launch, startedMs));
  const bug = await answer(now, { ports, invocation, rest });
  ports.log('info', 'launches', {
    told: told.length,
    due: due.length,
    waiting: rest.waiting,
    deadLetters: rest.dead,
    tookMs: ports.clock.nowMs() - startedMs,
  });
  await rest.send();
  if (bug !== undefined) throw bug;
}

/** Clocks differ, and what says that it is to come would be waited for. */
function notInFuture(launch: Launch, nowMs: number): Launch {
  return launch.atMs > nowMs ? { ...launch, atMs: nowMs } : launch;
}

/** @returns a bug, after all else was done */
async function answer(due: readonly Launch[], batch: Batch): Promise<unknown> {
  const { ports, invocation, rest } = batch;
  const now = due.slice(0, MAX_AT_ONCE);
  rest.wait(due.slice(MAX_AT_ONCE));
  let bug: unknown;
  const trouble = await orFail(now, batch, async () => {
    const claims = await claimsOn(now, ports, invocation);
    const open = now.filter(({ instanceId }) => !claims.taken.has(instanceId));
    const ids = open.map(({ instanceId }) => instanceId);
    const snapshots = await describeAll(ports.ecs, ids);
    const tasks = [...judged(open, snapshots, batch)].flatMap(([rule, all]) =>
      chunks(all, MAX_INSTANCES).map((launches) => ({ rule, launches })),
    );
    const bugs = await mapPool(tasks, IN_FLIGHT, ({ rule, launches }) =>
      orFail(launches, batch, () => begin(rule, launches, { claims, snapshots }, batch)),
    );
    bug = bugs.find((one) => one !== undefined);
  });
  return trouble ?? bug;
}

/** Sorts out what has to wait, and what is nothing to us. */
function judged(
  launches: readonly Launch[],
  snapshots: ReadonlyMap<InstanceId, Snapshot>,
  { ports: { policy, clock, log, regionId }, rest }: Batch,
): Map<LaunchRule, Launch[]> {
  const byRule = new Map<LaunchRule, Launch[]>();
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
        rest.wait([verdict.launch], verdict.notBeforeMs);
        break;
      case 'ask': {
        const some = byRule.get(verdict.rule);
        if (some === undefined) byRule.set(verdict.rule, [launch]);
        else some.push(launch);
        break;
      }
    }
  }
  return byRule;
}

/** Begins one rollout, of those that it can have. */
async function begin(
  rule: LaunchRule,
  launches: readonly Launch[],
  { claims, snapshots }: Known,
  { ports, invocation, rest }: Batch,
): Promise<void> {
  const { ecs, clock, regionId, log } = ports;
  if (clock.nowMs() + BEGIN_MS > invocation.deadlineMs) return rest.wait(launches);
  await checkFingerprint(rule, ecs);
  const ids = launches.map(({ instanceId }) => instanceId);
  const { origin, ours, waitFor } = await claims.claim(rule.name, ids);
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
  // Somebody else is at it: whether it became a rollout shows when that one is done, or dead.
  for (const launch of launches) {
    const { instanceId } = launch;
    if (!members.has(instanceId)) rest.wait([launch], waitFor.get(instanceId));
  }
}

/** @returns a bug; every failure that is expected is seen to */
async function orFail(
  launches: readonly Launch[],
  { ports: { log }, rest }: Batch,
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
    rest.fail(launches, error);
    return undefined;
  }
}

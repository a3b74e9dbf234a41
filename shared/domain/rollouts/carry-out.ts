import { LatchkeyError } from '../model/errors.ts';
import type { CallResult, Effect, GroupState, Moment, RolloutEvent } from '../model/events.ts';
import type { InstanceId, InstanceMemory, Snapshot } from '../model/instance.ts';
import { describeAll } from './look-up.ts';
import { notBefore } from '../model/messages.ts';
import { resultOf } from '../workflow/result.ts';
import { noticeMessages } from '../workflow/notice-message.ts';
import { subscribedKinds } from '../workflow/notices.ts';
import { chunks, mapPool, settled } from '../../lib/pool.ts';
import {
  type CallAnswer,
  type Clock,
  type Ecs,
  type GateAnswer,
  type GlobalStop,
  type InstanceMemories,
  type Log,
  MAX_ATTACH_IDS,
  MAX_DESCRIBE_IDS,
  MAX_RESTART_IDS,
  type Queue,
  type Rollouts,
} from '../model/ports.ts';
import { memoriesOf } from '../workflow/remember.ts';
import { type Notice, type Rollout, targetKeyPair } from '../model/rollout.ts';
import type { RolloutRules } from '../policy/rules.ts';
import { step } from '../workflow/step.ts';
import { restartPermission } from '../model/window.ts';

export interface CarryOutPorts {
  readonly ecs: Ecs;
  readonly rollouts: Rollouts;
  readonly memories: InstanceMemories;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
  readonly stop: GlobalStop;
  readonly rules: RolloutRules;
}

/** The time limits of one invocation. */
export interface Invocation {
  /** No call is begun that could end after this. */
  readonly deadlineMs: number;
  /** After this the invocation is certainly over: 30 s after its time limit. */
  readonly ownerUntilMs: number;
}

/**
 * Calls of one kind to ECS in flight at once: our own choice, by measurement (`inFlight` of
 * `npm run bench -- --only fleet`). Up to 20 calls, enough for 1,000 instances, the time falls in proportion.
 * Above 10 the gain is small, and each further connection costs a handshake. ECS counts calls by the minute,
 * so fewer calls at once would not avoid throttling.
 */
export const IN_FLIGHT = 10;

/** Halvings of one refused batch, enough to find one instance of 100: our own choice. */
const MAX_SPLITS = 8;

/**
 * More results than this are sent with a delay: otherwise the first ones wake `restart` while the others are
 * still being sent, and both write the same row. Our own choice: what the queue takes at once.
 */
const SENT_AT_ONCE = 256;
const LATER_SECONDS = 1;

const NO_MEMORIES: ReadonlyMap<InstanceId, InstanceMemory> = new Map();

/** The longest API call, with connection and reading: the adapters' limit is 10 s. */
const CALL_MS = 11_000;

/** Few invocations work on one rollout at once. More conflicts than this are an error. */
const MAX_CONFLICTS = 20;

/**
 * Moves one rollout on: load, step, save, carry out the effects, feed their answers back, until nothing is left
 * to do. Only this function calls `step` and carries out its effects.
 *
 * It saves **before** it carries out, so that a claim is recorded before its call is made. When it rejects, any
 * effect may or may not have happened. The next event finds out.
 *
 * @param subject the id, or the rollout itself when the caller has just created it
 * @returns the rollout as it is now; undefined when it does not exist
 * @throws {LatchkeyError} when the store cannot be read or written
 */
export async function carryOut(
  subject: string | Rollout,
  first: RolloutEvent,
  ports: CarryOutPorts,
  invocation: Invocation,
): Promise<Rollout | undefined> {
  const rolloutId = typeof subject === 'string' ? subject : subject.rolloutId;
  let rollout = typeof subject === 'string' ? await ports.rollouts.load(subject) : subject;
  let events: readonly RolloutEvent[] = [first];
  let effects: readonly Effect[] = [];
  let conflicts = 0;
  while (rollout !== undefined && events.length + effects.length > 0) {
    const moment = momentOf(rollout, ports, invocation);
    const { after, emitted } = fold(rollout, events, moment);
    if (after !== rollout) {
      const saved = await ports.rollouts.save(rollout, after);
      if (saved === 'conflict') {
        conflicts += 1;
        if (conflicts > MAX_CONFLICTS) {
          const message = `Cannot save rollout "${rolloutId}": too many conflicts`;
          throw new LatchkeyError('unavailable', message);
        }
        rollout = await ports.rollouts.load(rolloutId);
        continue;
      }
      rollout = after;
    }
    // Restarts come first. Their answers are saved before other effects can use up the time.
    const all = merge([...effects, ...emitted]);
    const restarts = all.filter(({ kind }) => kind === 'restart');
    effects = restarts.length === 0 ? [] : all.filter(({ kind }) => kind !== 'restart');
    events = await perform(rollout, restarts.length === 0 ? all : restarts, ports, invocation);
  }
  return rollout;
}

function momentOf(
  { origin }: Rollout,
  { clock, rules }: CarryOutPorts,
  { ownerUntilMs }: Invocation,
): Moment {
  const nowMs = clock.nowMs();
  const schedule = rules.scheduleOf(origin);
  return {
    nowMs,
    ownerUntilMs,
    schedule: restartPermission(schedule, nowMs),
    hasWindow: schedule.window !== null,
    revoked: rules.revoked,
    subscribed: subscribedKinds(rules.channels),
  };
}

/** One step for each event. Together they are one change and one set of effects. */
function fold(
  before: Rollout,
  events: readonly RolloutEvent[],
  moment: Moment,
): { readonly after: Rollout; readonly emitted: readonly Effect[] } {
  let rollout = before;
  const emitted: Effect[] = [];
  for (const event of events) {
    const made = step(rollout, event, moment);
    rollout = made.rollout;
    emitted.push(...made.effects);
  }
  if (rollout === before) return { after: before, emitted };
  const after = { ...rollout, version: before.version + 1, updatedAtMs: moment.nowMs };
  return { after, emitted };
}

/** Merges effects of one kind, so that calls are full. */
function merge(effects: readonly Effect[]): Effect[] {
  const merged: Effect[] = [];
  for (const effect of effects) {
    const index = merged.findIndex(
      (other) =>
        other.kind === effect.kind &&
        effect.kind !== 'wake' &&
        !(other.kind === 'restart' && effect.kind === 'restart' && other.how !== effect.how),
    );
    if (index < 0) merged.push(effect);
    else merged[index] = united(merged[index]!, effect);
  }
  return merged;
}

function united(a: Effect, b: Effect): Effect {
  if ((a.kind === 'hold' || a.kind === 'attach') && b.kind === a.kind) {
    return { ...a, instanceIds: unique([...a.instanceIds, ...b.instanceIds]) };
  }
  if (a.kind === 'look' && b.kind === 'look') {
    const instanceIds = unique([...a.instanceIds, ...b.instanceIds]);
    return { kind: 'look', instanceIds, recall: a.recall || b.recall };
  }
  if (a.kind === 'restart' && b.kind === 'restart') {
    return { ...a, claims: [...a.claims, ...b.claims] };
  }
  if (a.kind === 'publish' && b.kind === 'publish') {
    return { kind: 'publish', indexes: unique([...a.indexes, ...b.indexes]) };
  }
  // Of two others, the later one is up to date.
  return b;
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

async function perform(
  rollout: Rollout,
  effects: readonly Effect[],
  ports: CarryOutPorts,
  invocation: Invocation,
): Promise<RolloutEvent[]> {
  const calls = effects.map((effect) => performOne(rollout, effect, ports, invocation));
  // No call may be in flight when this rejects: the platform freezes the function then.
  return (await settled(calls)).flat();
}

async function performOne(
  rollout: Rollout,
  effect: Effect,
  ports: CarryOutPorts,
  invocation: Invocation,
): Promise<RolloutEvent[]> {
  const { ecs, rollouts, memories, queue, clock, log, rules } = ports;
  const { rolloutId } = rollout;
  const hasTime = () => clock.nowMs() + CALL_MS <= invocation.deadlineMs;
  switch (effect.kind) {
    case 'hold':
      return [{ kind: 'held', taken: await memories.hold(rolloutId, effect.instanceIds) }];
    case 'attach': {
      const events: RolloutEvent[] = [];
      for (const [name, ids] of byKeyPair(rollout, effect.instanceIds)) {
        const call = (batch: readonly InstanceId[]) =>
          name === null
            ? ecs.detachKeyPair(rollout.keyPair.name, batch)
            : ecs.attachKeyPair(name, batch);
        const ended = await inBatches(ids, MAX_ATTACH_IDS, call, hasTime);
        for (const { ids: instanceIds, result } of ended) {
          events.push({ kind: 'attach-answered', instanceIds, result });
        }
      }
      return events;
    }
    case 'restart': {
      const attempts = new Map(effect.claims.map((claim) => [claim.instanceId, claim.attempt]));
      const call = (ids: readonly InstanceId[]) =>
        effect.how === 'reboot' ? ecs.rebootInstances(ids) : ecs.startInstances(ids);
      const ended = await inBatches([...attempts.keys()], MAX_RESTART_IDS, call, hasTime);
      return ended.map(({ ids, result }) => ({
        kind: 'restart-answered',
        how: effect.how,
        claims: ids.map((instanceId) => ({ instanceId, attempt: attempts.get(instanceId)! })),
        result,
      }));
    }
    case 'look': {
      const looks = await mapPool(
        chunks(effect.instanceIds, MAX_DESCRIBE_IDS),
        IN_FLIGHT,
        async (instanceIds): Promise<RolloutEvent[]> => {
          if (!hasTime()) return [];
          const atMs = clock.nowMs();
          try {
            const [found, remembered] = await Promise.all([
              ecs.describeInstances(instanceIds),
              effect.recall ? memories.recall(instanceIds) : NO_MEMORIES,
            ]);
            const snapshots = new Map(found.map((one) => [one.instanceId, one]));
            return [{ kind: 'looked', atMs, instanceIds, snapshots, memories: remembered }];
          } catch (error) {
            // The timer reads again.
            logExpected(log, 'look-failed', rolloutId, error);
            return [];
          }
        },
      );
      return looks.flat();
    }
    case 'publish': {
      const delaySeconds = effect.indexes.length > SENT_AT_ONCE ? LATER_SECONDS : 0;
      const messages = effect.indexes.map((index) => ({
        message: { kind: 'result', result: resultOf(rollout, rollout.instances[index]!) } as const,
        delaySeconds,
      }));
      const errors = await queue.send(messages);
      const indexes = effect.indexes.filter((_, i) => errors[i] === undefined);
      const lost = errors.find((error) => error !== undefined);
      // Results that were not sent stay in the outbox. The timer sends them again.
      if (lost !== undefined) logExpected(log, 'publish-failed', rolloutId, lost);
      return [{ kind: 'published', indexes }];
    }
    case 'announce': {
      const announced: Notice[] = [];
      const all = effect.notices.map((notice) => ({
        notice,
        messages: noticeMessages(rollout, notice, rules.channels),
      }));
      const errors = await queue.send(all.flatMap(({ messages }) => messages));
      let next = 0;
      for (const { notice, messages } of all) {
        const lost = errors.slice(next, (next += messages.length)).find((one) => one !== undefined);
        // The timer sends again what was not sent.
        if (lost === undefined) announced.push(notice);
        else logExpected(log, 'announce-failed', rolloutId, lost);
      }
      return [{ kind: 'announced', notices: announced }];
    }
    case 'wake': {
      // A later step may have set an earlier wake: only the wake that the row names is sent.
      if (effect.atMs > clock.nowMs() && effect.atMs !== rollout.wakeAtMs) return [];
      const message = notBefore(effect.atMs, clock.nowMs(), { kind: 'wake', rolloutId });
      const [error] = await queue.send([message]);
      // The timer also wakes it, at most a minute later.
      if (error !== undefined) logExpected(log, 'wake-failed', rolloutId, error);
      return [];
    }
    case 'release':
      await memories.release(rolloutId, memoriesOf(rollout));
      return [{ kind: 'released' }];
    case 'prepare':
      if (!hasTime()) return [{ kind: 'not-prepared' }];
      return prepare(rollout, effect, ports);
    case 'ask-after': {
      const { wave, instanceIds } = effect;
      const asked = hasTime() ? rules.gateOf(rollout.origin) : null;
      const gate = await asked?.ask({ rolloutId, phase: 'after', wave, instanceIds });
      return gate === undefined ? [] : [{ kind: 'gate-told', wave, gate }];
    }
    case 'close':
      await rollouts.close({ rolloutId, createdAtMs: rollout.openedAtMs });
      return [];
  }
}

/** Reads everything that must be known before a wave. */
async function prepare(
  rollout: Rollout,
  effect: Effect & { kind: 'prepare' },
  { ecs, stop, rules, clock, log }: CarryOutPorts,
): Promise<RolloutEvent[]> {
  const { rolloutId } = rollout;
  const atMs = clock.nowMs();
  const { lookIds, groupBy, groupValues } = effect;
  try {
    const [answer, snapshots, members] = await Promise.all([
      askGate(rollout, effect, rules),
      describeAll(ecs, lookIds),
      groupBy === null || groupValues.length === 0 ? [] : ecs.describeGroup(groupBy, groupValues),
    ]);
    const groups = groupBy === null ? new Map() : groupsOf(members, groupBy);
    // The stop is read last: the other reads take time, and a stop must not be missed in the meantime.
    const stopped = await stop.read();
    const known = { atMs, instanceIds: lookIds, snapshots, groups, stop: stopped, gate: answer };
    return [{ kind: 'prepared', ...known }];
  } catch (error) {
    logExpected(log, 'prepare-failed', rolloutId, error);
    return [{ kind: 'not-prepared' }];
  }
}

/** Asks after the previous wave, then before the next one. The first answer other than `go` counts. */
async function askGate(
  { rolloutId, origin }: Rollout,
  { wave, memberIds, beforeIds }: Effect & { kind: 'prepare' },
  rules: RolloutRules,
): Promise<GateAnswer | null> {
  if (memberIds.length === 0) return null;
  if (!rules.hasGate(origin)) return { answer: 'go', reason: 'no health gate' };
  const gate = rules.gateOf(origin);
  // Only the doors cannot ask a gate, and they never restart.
  if (gate === null) return { answer: 'wait', reason: 'this function cannot ask the health gate' };
  if (beforeIds.length > 0) {
    const question = { rolloutId, phase: 'after', wave: wave - 1, instanceIds: beforeIds } as const;
    const after = await gate.ask(question);
    if (after.answer !== 'go') return after;
  }
  return gate.ask({ rolloutId, phase: 'before', wave, instanceIds: memberIds });
}

function groupsOf(members: readonly Snapshot[], groupBy: string): Map<string, GroupState> {
  const groups = new Map<string, { total: number; down: Set<InstanceId> }>();
  for (const { instanceId, status, tags } of members) {
    const value = tags[groupBy] ?? '';
    const group = groups.get(value) ?? { total: 0, down: new Set() };
    groups.set(value, group);
    group.total += 1;
    if (status !== 'Running') group.down.add(instanceId);
  }
  return groups;
}

/** The instances by the key pair that they are to have; null: none. */
function byKeyPair(
  rollout: Rollout,
  instanceIds: readonly InstanceId[],
): Map<string | null, InstanceId[]> {
  const asked = new Set(instanceIds);
  const byName = new Map<string | null, InstanceId[]>();
  for (const instance of rollout.instances) {
    if (!asked.has(instance.instanceId)) continue;
    const name = targetKeyPair(rollout, instance)?.name ?? null;
    byName.set(name, [...(byName.get(name) ?? []), instance.instanceId]);
  }
  return byName;
}

function logExpected(log: Log, event: string, rolloutId: string, error: unknown): void {
  if (!(error instanceof LatchkeyError)) throw error;
  log('warn', event, { rolloutId, error });
}

interface Ended {
  readonly ids: readonly InstanceId[];
  readonly result: CallResult;
}

/** Calls in batches, several in flight. After a throttled call no further call is begun. */
async function inBatches(
  ids: readonly InstanceId[],
  size: number,
  call: (ids: readonly InstanceId[]) => Promise<CallAnswer>,
  hasTime: () => boolean,
): Promise<Ended[]> {
  let throttled: LatchkeyError | undefined;
  const one = async (batch: readonly InstanceId[], splits: { left: number }): Promise<Ended[]> => {
    if (throttled !== undefined)
      return [{ ids: batch, result: { kind: 'error', error: throttled } }];
    if (!hasTime()) return [{ ids: batch, result: { kind: 'not-begun' } }];
    try {
      return [{ ids: batch, result: { kind: 'answer', answer: await call(batch) } }];
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      if (error.code === 'throttled') throttled = error;
      const isForOne = error.code === 'refused' && error.details.blamesOneInstance === true;
      if (!isForOne || batch.length === 1 || splits.left === 0) {
        return [{ ids: batch, result: { kind: 'error', error } }];
      }
      // The batch was refused because of one instance: find it. A refused call has done nothing.
      splits.left -= 1;
      const [first, second] = chunks(batch, Math.ceil(batch.length / 2));
      return [...(await one(first!, splits)), ...(await one(second!, splits))];
    }
  };
  const batches = chunks(ids, size);
  return (await mapPool(batches, IN_FLIGHT, (batch) => one(batch, { left: MAX_SPLITS }))).flat();
}

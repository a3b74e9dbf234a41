import { MAX_NOTE_LENGTH } from '../model/request.ts';
import type { Launch, LaunchSource } from '../model/launch.ts';
import type { InstanceId, Snapshot } from '../model/instance.ts';
import { judgeLaunch } from './launch-rules.ts';
import type { LaunchRule } from '../model/policy.ts';

/** How long DescribeInstances may not show a new instance: our own choice. */
const VISIBLE_WITHIN_MS = 120_000;
const LOOK_AGAIN_MS = 10_000;

/**
 * How long to wait for ActionTrail. It may be 10 minutes late:
 * https://help.aliyun.com/en/actiontrail/product-overview/limits; the rest is our own choice.
 */
const TRAIL_WITHIN_MS = 15 * 60_000;

/**
 * A scale-out also starts instances that were stopped to save money, and those are not new
 * (https://help.aliyun.com/document_detail/25961.html). An instance that was created longer than this before
 * the end of the activity was not launched by it. Our own choice.
 */
const SCALED_OUT_WITHIN_MS = 3_600_000;

/**
 * Launches are processed in batches: those that become known between two of these moments become one rollout
 * for each rule. Our own choice: a key that comes after the first boot is not urgent.
 */
const STEP_MS = 15_000;
/** So that concurrent invocations choose the same moment: our own choice. */
const LEAST_WAIT_MS = 3_000;

/** The moment at which the launches known by now are processed, not before `notBeforeMs`. */
export function answeredAtMs(nowMs: number, notBeforeMs = 0): number {
  return Math.ceil(Math.max(nowMs + LEAST_WAIT_MS, notBeforeMs) / STEP_MS) * STEP_MS;
}

const TELLS_MOST: readonly LaunchSource[] = ['action-trail', 'state-change', 'auto-scaling'];

/**
 * One launch for each instance, whatever the number and order of its events. It combines what all of them
 * report.
 */
export function united(launches: readonly Launch[]): Launch[] {
  const byId = new Map<InstanceId, Launch>();
  for (const launch of launches.toSorted(byWhatItTells)) {
    const first = byId.get(launch.instanceId);
    byId.set(launch.instanceId, first === undefined ? launch : both(first, launch));
  }
  return [...byId.values()].toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
}

function byWhatItTells(a: Launch, b: Launch): number {
  const order = TELLS_MOST.indexOf(a.source) - TELLS_MOST.indexOf(b.source);
  if (order !== 0) return order;
  return a.eventKey < b.eventKey ? -1 : Number(a.eventKey > b.eventKey);
}

function both(first: Launch, other: Launch): Launch {
  return {
    ...first,
    accountId: first.accountId ?? other.accountId,
    launchedBy: first.launchedBy ?? other.launchedBy,
    launchTemplates: first.launchTemplates ?? other.launchTemplates,
    atMs: Math.min(first.atMs, other.atMs),
    lastCall: first.lastCall || other.lastCall,
    tries: Math.max(first.tries, other.tries),
  };
}

export type LaunchVerdict =
  | { readonly kind: 'ask'; readonly rule: LaunchRule }
  | { readonly kind: 'later'; readonly notBeforeMs: number; readonly launch: Launch }
  | { readonly kind: 'drop'; readonly why: string };

/** What to do about a launch now. Pure. A later call may give another answer. */
export function verdictOn(
  launch: Launch,
  snapshot: Snapshot | undefined,
  rules: readonly LaunchRule[],
  nowMs: number,
): LaunchVerdict {
  const { regionId, accountId, launchedBy, launchTemplates, atMs } = launch;
  if (snapshot === undefined) {
    if (nowMs - atMs >= VISIBLE_WITHIN_MS) return { kind: 'drop', why: 'gone' };
    return { kind: 'later', notBeforeMs: nowMs + LOOK_AGAIN_MS, launch };
  }
  if (!isNew(launch, snapshot)) return { kind: 'drop', why: 'not new' };
  const lastCall = launch.lastCall || nowMs >= atMs + TRAIL_WITHIN_MS;
  const facts = { snapshot, regionId, accountId, launchedBy, launchTemplates };
  const { verdict } = judgeLaunch(rules, facts, lastCall);
  switch (verdict.kind) {
    case 'none':
      return { kind: 'drop', why: 'no rule matches' };
    case 'undecided':
      return {
        kind: 'later',
        notBeforeMs: atMs + TRAIL_WITHIN_MS,
        launch: { ...launch, lastCall: true },
      };
    case 'rule': {
      const dueMs = atMs + verdict.rule.delaySeconds * 1_000;
      if (nowMs < dueMs) return { kind: 'later', notBeforeMs: dueMs, launch };
      return { kind: 'ask', rule: verdict.rule };
    }
  }
}

function isNew({ source, atMs }: Launch, { createdAtMs }: Snapshot): boolean {
  if (source !== 'auto-scaling') return true;
  return createdAtMs !== null && atMs - createdAtMs <= SCALED_OUT_WITHIN_MS;
}

/** For people: the launches of one rollout. */
export function noteOf(launches: readonly Launch[]): string {
  const ways = new Map<string, number>();
  for (const { eventName, launchedBy } of launches) {
    const [name] = launchedBy ?? [];
    const way = name === undefined ? eventName : `${eventName} by ${name}`;
    ways.set(way, (ways.get(way) ?? 0) + 1);
  }
  const most = [...ways].toSorted(([, a], [, b]) => b - a);
  return most
    .map(([way, count]) => (count === 1 ? way : `${way} (${count})`))
    .join(', ')
    .slice(0, MAX_NOTE_LENGTH);
}

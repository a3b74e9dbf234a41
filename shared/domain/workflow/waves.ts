import type { GroupState } from '../model/events.ts';
import type { InstanceId } from '../model/instance.ts';
import { isOver } from '../model/outcome.ts';
import { mayRestart, RELEASED } from './restarting.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { RestartState, RolloutInstance } from '../model/rollout.ts';

/** Who is restarted next, or why nobody is. */
export type WaveChoice =
  /** `indexes` of the instances that make up, or go on with, this wave. */
  | { readonly kind: 'wave'; readonly wave: number; readonly indexes: readonly number[] }
  /** The wave under way is not over. */
  | { readonly kind: 'under-way' }
  | { readonly kind: 'wait'; readonly why: 'bake'; readonly untilMs: number }
  | { readonly kind: 'wait'; readonly why: 'budget' | 'group' }
  /** None but those are left that wait for the window by their own tag. */
  | { readonly kind: 'wait'; readonly why: 'window' }
  /** Nobody is left, or those that are left are not attached yet. */
  | { readonly kind: 'nobody' };

export interface WaveState {
  readonly instances: readonly RolloutInstance[];
  readonly request: Pick<RolloutRequest, 'maxUnavailable' | 'ramp' | 'bakeSeconds' | 'groupBy'>;
  /** The wave that was started last. */
  readonly wave: number;
  /** Whether those may go that are to be restarted in the window only, by their own tag. */
  readonly windowIsOpen: boolean;
}

/** `"10%"` of `total`, rounded down, or a count; at least 1. */
export function limitOf(maxUnavailable: string, total: number): number {
  const n = Number.parseInt(maxUnavailable, 10);
  const limit = maxUnavailable.endsWith('%') ? Math.floor((total * n) / 100) : n;
  return Math.max(1, limit);
}

/** Restarting, or failed and not seen Running since: what `maxUnavailable` counts. */
export function isUnavailable({ restart }: RolloutInstance): boolean {
  switch (restart.kind) {
    case 'claimed':
    case 'booting':
      return true;
    case 'failed':
    case 'unknown':
    case 'due':
    case 'dropped':
      return isDownSinceUs(restart);
    case 'none':
    case 'ready':
      return false;
  }
}

/**
 * Failed or unknown, and not seen Running since, whatever a person has settled it as. What could not be started was not available before,
 * and what was released never will be.
 */
export function isDownSinceUs(restart: RestartState): boolean {
  if (restart.kind === 'dropped' || restart.kind === 'due') return restart.isDown;
  if (restart.kind !== 'failed' && restart.kind !== 'unknown') return false;
  return restart.how === 'reboot' && restart.runningAtMs === null && restart.code !== RELEASED;
}

/** How many more may be restarted now. */
export function budgetLeft({
  instances,
  request,
}: Pick<WaveState, 'instances' | 'request'>): number {
  const total = instances.filter(({ restart }) => restart.kind !== 'none').length;
  return limitOf(request.maxUnavailable, total) - instances.filter(isUnavailable).length;
}

/** The most that a wave may have, whatever the budget. */
export function rampSize(ramp: RolloutRequest['ramp'], wave: number): number {
  if (ramp === 'none' || (ramp === 'canary' && wave > 1)) return Number.POSITIVE_INFINITY;
  // More would not be exact, and is more than any rollout has.
  return ramp === 'canary' ? 1 : 2 ** Math.min(wave - 1, 30);
}

/**
 * Who comes next. A wave is one zone's: the zone with the fewest instances to restart comes first. In
 * a wave that has begun, those come first that are to be tried again.
 *
 * @param groups the whole groups as ECS shows them; undefined while nobody has looked
 */
export function chooseWave(
  state: WaveState,
  groups: ReadonlyMap<string, GroupState> | undefined,
  nowMs: number,
): WaveChoice {
  const { instances, request, wave, windowIsOpen } = state;
  const isHeldBack = (one: RolloutInstance) => !windowIsOpen && isForWindow(one);
  const candidates = [...instances.keys()].filter((index) => {
    const one = instances[index]!;
    return isCandidate(one, nowMs) && !isHeldBack(one);
  });
  const begun = candidates.filter((index) => instances[index]!.wave > 0);
  if (begun.length > 0) {
    // Those that are attached in a wave keep their number, so that the wave stays one.
    return within(state, groups, Math.max(wave, 1), begun, Number.POSITIVE_INFINITY);
  }
  const isUnderWay = (one: RolloutInstance) => one.wave > 0 && !isOver(one) && !isHeldBack(one);
  if (instances.some(isUnderWay)) return { kind: 'under-way' };
  if (candidates.length === 0) {
    return instances.some(isHeldBack) ? { kind: 'wait', why: 'window' } : { kind: 'nobody' };
  }
  const bakedAtMs = lastReadyAtMs(instances, wave) + request.bakeSeconds * 1_000;
  if (wave > 0 && nowMs < bakedAtMs) return { kind: 'wait', why: 'bake', untilMs: bakedAtMs };
  const zone = firstZone(instances, candidates);
  const ofZone = candidates.filter((index) => instances[index]!.zoneId === zone);
  return within(state, groups, wave + 1, ofZone, rampSize(request.ramp, wave + 1));
}

/** To be restarted in the window only, whatever the rest of the rollout may do. */
function isForWindow({ optOut, restart }: RolloutInstance): boolean {
  return optOut === 'window' && restart.kind === 'due';
}

/** May be restarted now, or attached now for its restart. */
function isCandidate(instance: RolloutInstance, nowMs: number): boolean {
  const { attach } = instance;
  return mayRestart(instance, nowMs) || (attach.kind === 'waiting' && attach.reason === 'wave');
}

function within(
  state: WaveState,
  groups: ReadonlyMap<string, GroupState> | undefined,
  wave: number,
  candidates: readonly number[],
  size: number,
): WaveChoice {
  const { instances, request } = state;
  let room = budgetLeft(state);
  const left = new Map<string, number>();
  const indexes: number[] = [];
  let why: 'budget' | 'group' = 'budget';
  for (const index of candidates) {
    if (indexes.length >= size) break;
    const one = instances[index]!;
    // One that is down already takes nothing away.
    const cost = isUnavailable(one) ? 0 : 1;
    if (cost > 0 && room < cost) continue;
    if (request.groupBy !== null && groups !== undefined && one.group !== '') {
      const ofGroup = groups.get(one.group);
      const free =
        left.get(one.group) ?? groupRoom(ofGroup, instances, one.group, request.maxUnavailable);
      const groupCost = cost === 0 || ofGroup?.down.has(one.instanceId) === true ? 0 : 1;
      if (groupCost > 0 && free < groupCost) {
        why = 'group';
        continue;
      }
      left.set(one.group, free - groupCost);
    }
    room -= cost;
    indexes.push(index);
  }
  if (indexes.length === 0) return { kind: 'wait', why };
  return { kind: 'wave', wave, indexes };
}

const NO_GROUP: GroupState = { total: 0, down: new Set() };

/** How many more of a group may go: of the whole group in ECS, whoever took the others down. */
function groupRoom(
  state: GroupState | undefined,
  instances: readonly RolloutInstance[],
  group: string,
  maxUnavailable: string,
): number {
  // ECS shows no member at all: what is to be restarted left the group, or is gone.
  const { total, down } = state ?? NO_GROUP;
  const gone = new Set<InstanceId>(down);
  for (const one of instances) {
    if (one.group === group && isUnavailable(one)) gone.add(one.instanceId);
  }
  return limitOf(maxUnavailable, total) - gone.size;
}

function lastReadyAtMs(instances: readonly RolloutInstance[], wave: number): number {
  let atMs = 0;
  for (const one of instances) {
    if (one.wave === wave && one.restart.kind === 'ready') atMs = Math.max(atMs, one.restart.atMs);
  }
  return atMs;
}

/** Of the zones that candidates are in, the one with the fewest instances to restart in all. */
function firstZone(instances: readonly RolloutInstance[], candidates: readonly number[]): string {
  const sizes = new Map<string, number>();
  for (const { zoneId, restart } of instances) {
    if (restart.kind !== 'none') sizes.set(zoneId, (sizes.get(zoneId) ?? 0) + 1);
  }
  const zones = new Set(candidates.map((index) => instances[index]!.zoneId));
  const [first] = [...zones].toSorted(
    (a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0) || (a < b ? -1 : 1),
  );
  return first ?? '';
}

/** How many waves are still to come, if all goes well and no group is in the way. */
export function wavesLeft({
  instances,
  request,
  wave,
}: {
  readonly instances: WaveState['instances'];
  readonly request: WaveState['request'] & Pick<RolloutRequest, 'breakGlass'>;
  readonly wave: number;
}): number {
  const total = instances.filter(({ restart }) => restart.kind !== 'none').length;
  const limit = limitOf(request.maxUnavailable, total);
  const now = new Map<string, number>();
  const inWindow = new Map<string, number>();
  for (const one of instances) {
    if (one.restart.kind !== 'due' || one.wave > 0) continue;
    // While the others break the glass, these wait.
    const byZone = request.breakGlass !== null && isForWindow(one) ? inWindow : now;
    byZone.set(one.zoneId, (byZone.get(one.zoneId) ?? 0) + 1);
  }
  let waves = 0;
  for (const byZone of [now, inWindow]) {
    for (const [, count] of [...byZone].toSorted(([, a], [, b]) => a - b)) {
      for (let left = count; left > 0; waves += 1) {
        left -= Math.min(limit, rampSize(request.ramp, wave + waves + 1));
      }
    }
  }
  return waves;
}

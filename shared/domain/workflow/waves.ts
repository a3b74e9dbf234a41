import type { GroupState } from '../model/events.ts';
import type { InstanceId } from '../model/instance.ts';
import { isOver } from '../model/outcome.ts';
import { isDueForRestart, RELEASED } from './restarting.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { RestartState, RolloutInstance } from '../model/rollout.ts';

/** Which instances are restarted next, or why none is. */
export type WaveChoice =
  /** `indexes` of the instances that begin or continue this wave. */
  | { readonly kind: 'wave'; readonly wave: number; readonly indexes: readonly number[] }
  /** The current wave is not over. */
  | { readonly kind: 'under-way' }
  | { readonly kind: 'wait'; readonly why: 'bake'; readonly untilMs: number }
  | { readonly kind: 'wait'; readonly why: 'budget' | 'group' }
  /** Only instances are left whose tag makes them wait for the window. */
  | { readonly kind: 'wait'; readonly why: 'window' }
  /** No instance is left, or those that are left are not attached yet. */
  | { readonly kind: 'nobody' };

export interface WaveState {
  readonly instances: readonly RolloutInstance[];
  readonly request: Pick<RolloutRequest, 'maxUnavailable' | 'ramp' | 'bakeSeconds' | 'groupBy'>;
  /** The last wave that was started. */
  readonly wave: number;
  /** Whether instances that are tagged `window` may be restarted now. */
  readonly windowIsOpen: boolean;
}

/** `"10%"` of `total`, rounded down, or a count; at least 1. */
export function limitOf(maxUnavailable: string, total: number): number {
  const n = Number.parseInt(maxUnavailable, 10);
  const limit = maxUnavailable.endsWith('%') ? Math.floor((total * n) / 100) : n;
  return Math.max(1, limit);
}

/** Restarting, or down since a restart of ours: what `maxUnavailable` counts. */
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
 * Its restart failed or is unknown, and it was not seen Running since, even if a person has settled it. An
 * instance that could not be started was down before. A released instance does not come back.
 */
export function isDownSinceUs(restart: RestartState): boolean {
  if (restart.kind === 'dropped' || restart.kind === 'due') return restart.isDown;
  if (restart.kind !== 'failed' && restart.kind !== 'unknown') return false;
  return restart.how === 'reboot' && restart.runningAtMs === null && restart.code !== RELEASED;
}

/** How many more instances may be restarted now. */
export function budgetLeft({
  instances,
  request,
}: Pick<WaveState, 'instances' | 'request'>): number {
  const total = instances.filter(({ restart }) => restart.kind !== 'none').length;
  return limitOf(request.maxUnavailable, total) - instances.filter(isUnavailable).length;
}

/** The most instances of a wave by its ramp. */
export function rampSize(ramp: RolloutRequest['ramp'], wave: number): number {
  if (ramp === 'none' || (ramp === 'canary' && wave > 1)) return Number.POSITIVE_INFINITY;
  // 2^30 is more than any rollout has.
  return ramp === 'canary' ? 1 : 2 ** Math.min(wave - 1, 30);
}

/**
 * Chooses the next instances to restart. A wave stays in one zone. The zone with the fewest instances to
 * restart comes first. In a wave that has begun, its own instances come first.
 *
 * @param groups the whole groups as ECS shows them; undefined before they were read
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
    // Instances that were attached in a wave keep its number, so that it stays one wave.
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

/** Its tag allows a restart in the window only. */
export function isForWindow({ optOut, restart }: RolloutInstance): boolean {
  return optOut === 'window' && restart.kind === 'due';
}

/** It may be restarted now, or attached now for its restart. */
function isCandidate(instance: RolloutInstance, nowMs: number): boolean {
  const { attach } = instance;
  return (
    isDueForRestart(instance, nowMs) || (attach.kind === 'waiting' && attach.reason === 'wave')
  );
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
    // An instance that is down already does not use the budget.
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

/** How many more instances of a group may go down. All members in ECS count, in any rollout or none. */
function groupRoom(
  state: GroupState | undefined,
  instances: readonly RolloutInstance[],
  group: string,
  maxUnavailable: string,
): number {
  // ECS shows no member: the instances to restart have left the group or are gone.
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

/** Of the candidates' zones, the one with the fewest instances to restart. */
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

import type { Snapshot } from '../../../shared/domain/model/instance.ts';
import type { RolloutRequest } from '../../../shared/domain/model/request.ts';
import { ALWAYS, DAYS, type Schedule } from '../../../shared/domain/model/window.ts';
import type { BootTimes } from '../../../test/models/model-ecs.ts';
import type { BadTime } from '../../../test/models/model-gate.ts';
import { TIME_ZONE } from './opening-hours.ts';
import type { Random } from '../../random.ts';

export const REGION_ID = 'cn-hangzhou';

export const KEY_PAIRS = [
  { name: 'ops', fingerprint: 'fp-ops' },
  { name: 'new', fingerprint: 'fp-new' },
];

/** Some rollouts limit by the groups of this tag. */
const GROUP_TAG = 'service';

const LIMITS = ['1', '2', '3', '5', '10%', '25%', '50%', '100%'];
const HUGE = 200;

/** Opt-out tags that an owner may have set. An unknown value counts as `never`. */
const OPT_OUTS: readonly Readonly<Record<string, string>>[] = [
  { 'latchkey:restart': 'never' },
  { 'latchkey:restart': 'please not' },
  { 'latchkey:restart': 'approve' },
  { 'latchkey:restart': 'window' },
  { 'latchkey:restart': 'window' },
  { 'latchkey:restart': 'window' },
  { 'latchkey:attach': 'never' },
];

export function drawFleet(random: Random): Snapshot[] {
  const optOut = random.chance(0.3) ? 0.15 : 0;
  const isHuge = random.chance(0.01);
  const count = isHuge ? HUGE : random.between(1, random.chance(0.3) ? 30 : 9);
  const zones = ['zone-a', 'zone-b', 'zone-c'].slice(0, random.between(1, 3));
  const groups = ['web', 'api', 'db'].slice(0, random.between(1, 3));
  return Array.from({ length: count }, (_, index): Snapshot => {
    const isOdd = random.chance(0.12);
    return {
      instanceId: `i-${index}`,
      name: `n-${index}`,
      status: isOdd
        ? random.pick(['Stopped', 'Stopped', 'Pending', 'Starting', 'Stopping'])
        : 'Running',
      zoneId: random.pick(zones),
      vpcId: '',
      resourceGroupId: '',
      osType: random.chance(0.02) ? 'windows' : 'linux',
      ioOptimized: !random.chance(0.01),
      keyPairName: random.pick([null, null, 'old', 'ops']),
      locks: random.chance(0.01) ? ['security'] : [],
      tags: {
        ...(random.chance(0.9) ? { [GROUP_TAG]: random.pick(groups) } : {}),
        ...(random.chance(optOut) ? random.pick(OPT_OUTS) : {}),
      },
      imageId: '',
      createdAtMs: null,
    };
  });
}

/** A request as a client sends it. */
export function drawRequest(
  random: Random,
  fleet: readonly Snapshot[],
): Omit<RolloutRequest, 'undoes' | 'selector' | 'launch'> {
  // A huge fleet would take days if restarted one by one.
  const isHuge = fleet.length >= HUGE;
  const ids = random.shuffled(fleet.map(({ instanceId }) => instanceId));
  const chosen = random.chance(0.6) ? ids : ids.slice(0, random.between(1, ids.length));
  const breakGlass = random.chance(0.15) ? 'the simulation burns' : null;
  const mayWait = breakGlass === null && random.chance(0.15);
  return {
    regionId: REGION_ID,
    keyPairName: random.chance(0.7) ? 'ops' : 'new',
    instanceIds: random.chance(0.03) ? [...chosen, 'i-missing'] : chosen,
    restart: random.chance(0.95) ? 'auto' : 'never',
    startStopped: random.chance(0.5),
    restartAlreadyAttached: random.chance(0.5),
    attach: random.chance(0.4) ? 'wave' : 'now',
    maxUnavailable: random.pick(isHuge ? ['10%', '20', '50%'] : LIMITS),
    ramp: random.pick(['doubling', 'doubling', 'canary']),
    groupBy: random.chance(0.25) ? GROUP_TAG : null,
    haltAfterFailures: random.pick([1, 1, 2, 3, 10]),
    bakeSeconds: random.pick(isHuge ? [0, 5] : [0, 0, 5, 30, 60]),
    readyTimeoutSeconds: random.pick([60, 120, 300]),
    approveWithinSeconds: mayWait ? random.pick([120, 900, 3_600]) : null,
    breakGlass,
    expectedPlanDigest: null,
    dryRun: false,
    note: '',
  };
}

export function drawBootTimes(random: Random): BootTimes {
  // Some boot so fast that no status read ever shows them Stopping or Starting.
  if (random.chance(0.15)) return { reactMs: 50, stoppingMs: 100, startingMs: 100 };
  return {
    reactMs: random.between(50, random.chance(0.3) ? 12_000 : 4_000),
    stoppingMs: random.between(200, 20_000),
    startingMs: random.between(500, random.chance(0.1) ? 90_000 : 20_000),
  };
}

export function drawSchedule(random: Random, nowMs: number): Schedule {
  const roll = random.next();
  if (roll < 0.75) return ALWAYS;
  const minute = (atMs: number) => {
    const ofDay = (Math.floor(atMs / 60_000) + 480) % 1_440;
    const two = (n: number) => String(n).padStart(2, '0');
    return `${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)}`;
  };
  const window =
    roll < 0.9
      ? {
          days: random.chance(0.8) ? [...DAYS] : random.some(DAYS, 0.5).concat('mon'),
          start: minute(nowMs + random.between(-30, 20) * 60_000),
          end: minute(nowMs + random.between(1, 60) * 60_000),
          timeZone: TIME_ZONE,
        }
      : null;
  const from = nowMs + random.between(0, 900) * 1_000;
  const freeze = { from, until: from + random.between(60, 1_800) * 1_000, reason: 'sale' };
  return { window, freezes: random.chance(0.5) || window === null ? [freeze] : [] };
}

export function drawBadTimes(random: Random, nowMs: number): BadTime[] {
  return Array.from({ length: random.between(0, 3) }, () => {
    const fromMs = nowMs + random.between(0, 1_200) * 1_000;
    const untilMs = fromMs + random.between(10, 300) * 1_000;
    return { fromMs, untilMs, answer: random.chance(0.85) ? 'wait' : 'halt' };
  });
}

import type { FleetSeed } from '../../local/cloud/ecs/index.ts';

export const WANTED_KEY_PAIR = 'ops-2026';
const OLD_KEY_PAIR = 'ops-2025';

/** No instance has this id. */
export const NO_SUCH_ID = 'i-bp1doesnotexist000000';

/** What the plan must make of the instances of one group. */
export interface Expectation {
  readonly kind: 'attached' | 'skipped';
  /** Of a skip; '' otherwise. */
  readonly reason: string;
  readonly restart: 'reboot' | 'start' | 'none';
}

/** One kind of instance, and what is to become of it. */
export interface Group {
  readonly seed: NonNullable<FleetSeed['instances']>[number] & { readonly count: number };
  readonly expected: Expectation;
}

/** A wave is one zone's: all that are restarted are in this one, so that there are two waves. */
const ZONE = 'cn-hangzhou-h';

/** How they are restarted: the canary, then all the others at once. */
export const FLEET_PACE = { maxUnavailable: '100%', ramp: 'canary', bakeSeconds: 0 };

const REBOOTED: Expectation = { kind: 'attached', reason: '', restart: 'reboot' };
const skipped = (reason: string): Expectation => ({ kind: 'skipped', reason, restart: 'none' });

/** 120 instances of every kind that the plan tells apart. */
export const GROUPS: readonly Group[] = [
  {
    seed: { count: 72, name: 'web', keyPairName: OLD_KEY_PAIR, zoneId: ZONE },
    expected: REBOOTED,
  },
  { seed: { count: 20, name: 'api', zoneId: ZONE }, expected: REBOOTED },
  {
    seed: { count: 10, name: 'batch', status: 'Stopped', zoneId: ZONE },
    expected: { kind: 'attached', reason: '', restart: 'start' },
  },
  { seed: { count: 8, name: 'office', osType: 'windows' }, expected: skipped('windows') },
  {
    seed: { count: 1, name: 'relic', ioOptimized: false },
    expected: skipped('not-io-optimized'),
  },
  { seed: { count: 1, name: 'suspect', locks: ['security'] }, expected: skipped('locked') },
  {
    seed: { count: 8, name: 'done', keyPairName: WANTED_KEY_PAIR },
    expected: skipped('already-attached'),
  },
];

export const KEY_PAIRS: NonNullable<FleetSeed['keyPairs']> = [
  { name: OLD_KEY_PAIR },
  { name: WANTED_KEY_PAIR },
];

import type { FleetSeed } from '../../local/cloud/ecs/index.ts';

export const WANTED_KEY_PAIR = 'ops-2026';
const OLD_KEY_PAIR = 'ops-2025';

/** An id that no instance has. */
export const NO_SUCH_ID = 'i-bp1doesnotexist000000';

/** What the plan must say about the instances of one group. */
export interface Expectation {
  readonly kind: 'attached' | 'skipped';
  /** Why they are skipped; '' otherwise. */
  readonly reason: string;
  readonly restart: 'reboot' | 'start' | 'none';
}

/** One kind of instance, and what must happen to it. */
export interface Group {
  readonly seed: NonNullable<FleetSeed['instances']>[number] & { readonly count: number };
  readonly expected: Expectation;
}

/** All instances that are restarted are in this zone. A wave never spans zones, so there are two waves. */
const ZONE = 'cn-hangzhou-h';

/** A canary, and then all others at once. */
export const FLEET_PACE = { maxUnavailable: '100%', ramp: 'canary', bakeSeconds: 0 };

const REBOOTED: Expectation = { kind: 'attached', reason: '', restart: 'reboot' };
const skipped = (reason: string): Expectation => ({ kind: 'skipped', reason, restart: 'none' });

/** 120 instances, of every kind that the plan treats differently. */
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

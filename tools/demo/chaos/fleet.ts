import type { Cloud } from '../../../local/cloud/index.ts';

export const ROLLOUTS = 40;
const REBOOTED_EACH = 4;
export const INSTANCES = ROLLOUTS * (1 + REBOOTED_EACH);
export const KEY_PAIR = 'ops-2026';

/** Many restarts may fail before a rollout halts. */
export const PACE = {
  maxUnavailable: '100%',
  ramp: 'canary',
  bakeSeconds: 1,
  haltAfterFailures: 100,
};

/**
 * Seeds the instances of each rollout. There are many small rollouts, so that there are many restart
 * calls at which to kill a function. The canary is a stopped instance, because it is alone in its zone
 * and the smallest zone comes first. So most kills at a reboot hit the second wave and do not halt the
 * rollout.
 *
 * @throws {SeedError}
 */
export function seedRollouts(cloud: Cloud): string[][] {
  cloud.seed({ keyPairs: [{ name: KEY_PAIR }] });
  return Array.from({ length: ROLLOUTS }, (_, index) => {
    const name = `shard-${String(index + 1).padStart(2, '0')}`;
    const { instanceIds } = cloud.seed({
      instances: [
        { name: `${name}-spare`, status: 'Stopped', zoneId: 'cn-hangzhou-g' },
        { count: REBOOTED_EACH, name, zoneId: 'cn-hangzhou-h' },
      ],
    });
    return [...instanceIds];
  });
}

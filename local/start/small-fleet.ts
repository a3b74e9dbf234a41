import type { FleetSeed } from '../cloud/ecs/index.ts';

/** The default fleet of `npm start`: some instances of each kind that a plan tells apart. */
export const SMALL_FLEET: FleetSeed = {
  keyPairs: [{ name: 'ops-2025' }, { name: 'ops-2026' }],
  instances: [
    { count: 8, name: 'web', keyPairName: 'ops-2025', tags: { team: 'web' } },
    { count: 2, name: 'batch', status: 'Stopped', tags: { team: 'batch' } },
    { count: 1, name: 'office', osType: 'windows' },
    { count: 1, name: 'fresh', keyPairName: 'ops-2026', tags: { team: 'web' } },
  ],
};

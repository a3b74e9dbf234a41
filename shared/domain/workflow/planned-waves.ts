import type { InstanceId } from '../model/instance.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { RolloutInstance } from '../model/rollout.ts';
import { isForWindow, limitOf, rampSize } from './waves.ts';

interface Planned {
  readonly instances: readonly RolloutInstance[];
  readonly request: Pick<RolloutRequest, 'maxUnavailable' | 'ramp' | 'breakGlass'>;
  /** The last wave that was started; 0 before the first. */
  readonly wave: number;
}

/**
 * The instances of each wave that is still to come, if all goes well.
 *
 * Does not know groups: how many instances of a group may go down is known only when its wave begins.
 * Does not know how new instances come up.
 */
export function plannedWaves({ instances, request, wave }: Planned): InstanceId[][] {
  const total = instances.filter(({ restart }) => restart.kind !== 'none').length;
  const limit = limitOf(request.maxUnavailable, total);
  const due = instances.filter((one) => one.restart.kind === 'due' && one.wave === 0);
  const waves: InstanceId[][] = [];
  for (const zone of zonesInTurn(due, request)) {
    for (let from = 0; from < zone.length; from += waves.at(-1)!.length) {
      const size = Math.min(limit, rampSize(request.ramp, wave + waves.length + 1));
      waves.push(zone.slice(from, from + size));
    }
  }
  return waves;
}

/** The smallest zone first. After a broken glass, the instances that wait for the window come last. */
function zonesInTurn(
  instances: readonly RolloutInstance[],
  { breakGlass }: Pick<RolloutRequest, 'breakGlass'>,
): InstanceId[][] {
  const byZone = new Map<string, RolloutInstance[]>();
  for (const one of instances) {
    const zone = byZone.get(one.zoneId);
    if (zone === undefined) byZone.set(one.zoneId, [one]);
    else zone.push(one);
  }
  const zones = [...byZone].toSorted(
    ([a, ofA], [b, ofB]) => ofA.length - ofB.length || (a < b ? -1 : 1),
  );
  const isLater = (one: RolloutInstance) => breakGlass !== null && isForWindow(one);
  return [false, true].flatMap((later) =>
    zones.map(([, members]) =>
      members.filter((one) => isLater(one) === later).map(({ instanceId }) => instanceId),
    ),
  );
}

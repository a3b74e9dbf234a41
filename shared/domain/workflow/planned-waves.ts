import type { InstanceId } from '../model/instance.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { RolloutInstance } from '../model/rollout.ts';
import { limitOf, rampSize } from './waves.ts';

/**
 * Who is restarted in which wave, if all goes well. Promises nothing of groups: how many of one may go
 * is known only when its wave begins; nor of new instances that come up in another state.
 */
export function plannedWaves(
  instances: readonly RolloutInstance[],
  request: Pick<RolloutRequest, 'maxUnavailable' | 'ramp' | 'breakGlass'>,
): InstanceId[][] {
  const all = instances.filter(({ restart }) => restart.kind === 'due');
  const limit = limitOf(request.maxUnavailable, all.length);
  const waves: InstanceId[][] = [];
  for (const zone of zonesInTurn(all, request)) {
    for (let from = 0; from < zone.length; from += waves.at(-1)!.length) {
      const size = Math.min(limit, rampSize(request.ramp, waves.length + 1));
      waves.push(zone.slice(from, from + size));
    }
  }
  return waves;
}

/** The smallest first. While the others break the glass, those that want the window wait. */
function zonesInTurn(
  instances: readonly RolloutInstance[],
  { breakGlass }: Pick<RolloutRequest, 'breakGlass'>,
): InstanceId[][] {
  const byZone = new Map<string, RolloutInstance[]>();
  for (const one of instances) byZone.set(one.zoneId, [...(byZone.get(one.zoneId) ?? []), one]);
  const zones = [...byZone].toSorted(
    ([a, ofA], [b, ofB]) => ofA.length - ofB.length || (a < b ? -1 : 1),
  );
  const isLater = ({ optOut }: RolloutInstance) => breakGlass !== null && optOut === 'window';
  return [false, true].flatMap((later) =>
    zones.map(([, members]) =>
      members.filter((one) => isLater(one) === later).map(({ instanceId }) => instanceId),
    ),
  );
}

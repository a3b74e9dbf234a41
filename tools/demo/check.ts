import type { EcsState, InstanceState } from '../../local/cloud/ecs/index.ts';
import { type Expectation, NO_SUCH_ID, WANTED_KEY_PAIR } from './fleet.ts';
import type { RolloutView } from './webhook.ts';

/**
 * Compares every instance with the expectation of its group, in the state of the local cloud, which does
 * not depend on what Latchkey reports.
 */
export function checkFleet(
  expected: ReadonlyMap<string, Expectation>,
  before: EcsState,
  after: EcsState,
  view: RolloutView,
) {
  const results = new Map(view.results.map((result) => [result.instanceId, result]));
  const complaints: string[] = [];
  const counts = { reboot: 0, start: 0, none: 0 };
  let effective = 0;
  for (const [instanceId, { kind, reason, restart }] of expected) {
    const was = before.instances[instanceId]!;
    const is = after.instances[instanceId]!;
    const said = results.get(instanceId);
    const complain = (what: string) => complaints.push(`${instanceId} (${was.name}): ${what}`);
    if (said?.kind !== kind || (said.reason ?? '') !== reason) {
      complain(`said to be ${said?.kind} ${said?.reason ?? ''}, not ${kind} ${reason}`);
    }
    if (restart !== 'none' && said?.restart?.kind !== 'ready') {
      complain(`said to be restarted: ${said?.restart?.kind ?? 'not at all'}`);
    }
    if (restart !== 'none' && is.status !== 'Running') complain(`is ${is.status}`);
    const boots = is.boots - was.boots;
    const wantedBoots = restart === 'none' ? 0 : 1;
    if (boots !== wantedBoots) complain(`booted ${boots} times, not ${wantedBoots}`);
    if (boots === 1) counts[restart] += 1;
    if (kind === 'attached') {
      if (is.effectiveKeyPairName === WANTED_KEY_PAIR) effective += 1;
      else complain(`${is.effectiveKeyPairName ?? 'no key pair'} logs in`);
    } else if (is.keyPairName !== was.keyPairName) {
      complain(`${is.keyPairName ?? 'no key pair'} was bound`);
    }
  }
  if (results.get(NO_SUCH_ID)?.reason !== 'not-found')
    complaints.push(`${NO_SUCH_ID}: not skipped`);
  // `effective` counts attached instances that the new key logs in to.
  return { rebooted: counts.reboot, started: counts.start, effective, complaints };
}

/** Whether a launched instance is Running, was rebooted once, and lets the new key log in. */
export function isLaunchDone(instance: InstanceState | undefined): boolean {
  return (
    instance?.status === 'Running' &&
    instance.boots === 2 &&
    instance.effectiveKeyPairName === WANTED_KEY_PAIR
  );
}

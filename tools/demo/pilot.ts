import type { EcsState } from '../../local/cloud/ecs/index.ts';
import type { Cloud } from '../../local/cloud/index.ts';
import { WANTED_KEY_PAIR } from './fleet.ts';
import { seconds, table } from './progress.ts';
import type { RolloutView } from './webhook.ts';

/** A canary, and then the other two. */
export const PILOT_PACE = {
  maxUnavailable: '100%',
  ramp: 'doubling',
  bakeSeconds: 0,
  haltAfterFailures: 2,
};

/** An instance of the second wave, because a canary that fails halts the rollout. */
const REFUSED = 2;

/** The documented error: https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-rebootinstances */
const REFUSAL = {
  code: 'IncorrectInstanceStatus',
  message: 'The current status of the resource does not support this operation.',
};

/** Seeds three instances. ECS will refuse to reboot one of them. */
export function seedPilot(cloud: Cloud) {
  const { instanceIds } = cloud.seed({ instances: [{ count: 3, name: 'pilot' }] });
  const refusedId = instanceIds[REFUSED]!;
  refuseReboots(cloud, refusedId);
  return { instanceIds, refusedId };
}

/** From now on, ECS refuses to reboot this instance, and only this one of a batch. */
export function refuseReboots({ kernel }: Cloud, instanceId: string): void {
  const fault = { service: 'ecs', action: 'RebootInstances', kind: 'instance-failure' };
  kernel.faults.replace([{ ...fault, times: 1_000, instanceIds: [instanceId], ...REFUSAL }]);
}

/** Two instances must be rebooted once, and one must be attached and not rebooted. @returns all differences */
export function checkPilot(
  { instanceIds, refusedId }: ReturnType<typeof seedPilot>,
  before: EcsState,
  after: EcsState,
  view: RolloutView,
): string[] {
  const complaints: string[] = [];
  if (view.status !== 'done') complaints.push(`the pilot is ${view.status}`);
  for (const { instanceId, restart } of view.results) {
    const [was, is] = [before.instances[instanceId]!, after.instances[instanceId]!];
    const complain = (what: string) => complaints.push(`${instanceId} (${was.name}): ${what}`);
    const isRefused = instanceId === refusedId;
    const wanted = isRefused ? 'failed' : 'ready';
    if (restart?.kind !== wanted) complain(`said to be ${restart?.kind}, not ${wanted}`);
    if (isRefused && restart?.code !== REFUSAL.code) complain(`failed by ${restart?.code}`);
    const boots = is.boots - was.boots;
    if (boots !== (isRefused ? 0 : 1)) complain(`booted ${boots} times`);
    if (is.keyPairName !== WANTED_KEY_PAIR) complain(`${is.keyPairName} is bound`);
    const isEffective = is.effectiveKeyPairName === WANTED_KEY_PAIR;
    if (isEffective === isRefused) complain(`${is.effectiveKeyPairName} logs in`);
  }
  if (view.results.length !== instanceIds.length) complaints.push('the pilot lost instances');
  const waves = view.history.filter(({ what }) => what === 'wave started').length;
  if (waves !== 2) complaints.push(`the pilot had ${waves} waves, not 2`);
  return complaints;
}

/** The history as a table. */
export function historyTable({ history }: RolloutView, startedMs: number): string {
  const rows = history.map(({ atMs, what, count, detail }) => [
    seconds(atMs - startedMs),
    what,
    String(count),
    detail,
  ]);
  return table(['when', 'what', 'count', 'detail'], rows);
}

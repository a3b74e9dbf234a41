import type { InstanceId, KeyPair, Snapshot } from '../model/instance.ts';
import { isTouched } from '../policy/permission.ts';
import type { Plan } from '../model/plan.ts';
import type { Ecs } from '../model/ports.ts';
import type { ApprovalFacts } from '../model/rollout.ts';

/** The most key pairs that an approver is shown: our own choice. */
const MAX_REPLACED = 10;

/**
 * What an approver must know and the plan does not contain.
 *
 * @throws {LatchkeyError} what `Ecs` throws
 */
export async function approvalFacts(
  { instances }: Pick<Plan, 'instances'>,
  snapshots: ReadonlyMap<InstanceId, Snapshot>,
  ecs: Pick<Ecs, 'findKeyPair'>,
): Promise<ApprovalFacts> {
  const touched = instances.filter(isTouched);
  const stopped = touched.filter(
    ({ instanceId }) => snapshots.get(instanceId)?.status === 'Stopped',
  );
  const counts = new Map<string, number>();
  for (const { attach, previousKeyPairName: name } of touched) {
    if (attach.kind === 'skipped' || name === null) continue;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts]
    .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, MAX_REPLACED)
    .map(([name]) => name);
  const replaces = await Promise.all(
    names.map(async (name): Promise<KeyPair> => {
      return (await ecs.findKeyPair(name)) ?? { name, fingerprint: '' };
    }),
  );
  return { stopped: stopped.length, replaces };
}

import type { InstanceState } from '../../../local/cloud/ecs/index.ts';
import type { Cloud } from '../../../local/cloud/index.ts';
import type { Rollout } from '../../../shared/domain/model/rollout.ts';
import type { Bystanders } from './bystanders.ts';
import { type Group, INSTANCES } from './groups.ts';
import { storedRollouts } from './stored-rollouts.ts';
import type { Witness } from './witness.ts';

/** The most rollouts that 500 launches may lead to. */
const MOST_ROLLOUTS = 20;

export interface Played {
  readonly cloud: Cloud;
  readonly witness: Witness;
  readonly bystanders: Bystanders;
  readonly groups: ReadonlyMap<string, Group>;
}

/** Checks the state of the local cloud, which does not depend on what Latchkey reports. */
export function check(played: Played) {
  const { cloud, witness, groups } = played;
  const { instances } = cloud.ecs.state();
  const rollouts = storedRollouts(cloud);
  const complaints: string[] = [];
  /** `bound` counts attaches, and `effective` the instances that an attached key logs in to. */
  const counts = { right: 0, bound: 0, restarted: 0, effective: 0 };
  const rolloutsOf = byInstance(rollouts);
  for (const [id, group] of groups) {
    const is = instances[id];
    if (is === undefined) {
      complaints.push(`${id} (${group.name}): gone`);
      continue;
    }
    const attached = witness.attachedOf(id);
    const wrong = [
      ...faultsOf(is, attached, group),
      ...rolloutFaults(rolloutsOf.get(id) ?? [], group),
    ];
    complaints.push(...wrong.map((what) => `${id} (${is.name}, ${group.name}): ${what}`));
    counts.right += wrong.length === 0 ? 1 : 0;
    counts.bound += attached;
    counts.restarted += restartsOf(is);
    const { bound, attached: toAttach } = group.expected;
    if (toAttach === 1 && is.effectiveKeyPairName === bound) counts.effective += 1;
  }
  if (groups.size !== INSTANCES) complaints.push(`${groups.size} launched, not ${INSTANCES}`);
  complaints.push(...bystanderFaults(played, instances, rolloutsOf), ...openFaults(rollouts));
  const deadLetters = deadLettersOf(cloud);
  if (deadLetters > 0) complaints.push(`${deadLetters} dead letters`);
  return {
    ...counts,
    rollouts: rollouts.length,
    rolloutsDone: rollouts.filter(({ phase }) => phase === 'done').length,
    deadLetters,
    complaints,
  };
}

function faultsOf(is: InstanceState, attached: number, { expected }: Group): string[] {
  const faults: string[] = [];
  if (is.status !== 'Running') faults.push(`is ${is.status}`);
  if (is.keyPairName !== expected.bound) faults.push(`${is.keyPairName ?? 'nothing'} is bound`);
  if (is.effectiveKeyPairName !== expected.effective) {
    faults.push(`${is.effectiveKeyPairName ?? 'no key'} logs in`);
  }
  if (attached !== expected.attached) faults.push(`was attached ${attached} times`);
  const restarts = restartsOf(is);
  if (restarts !== expected.restarted) faults.push(`was restarted ${restarts} times`);
  return faults;
}

/** An instance that is still Pending has not booted at all. */
function restartsOf({ boots }: InstanceState): number {
  return Math.max(0, boots - 1);
}

function rolloutFaults(rollouts: readonly Rollout[], { rule }: Group): string[] {
  const rules = rollouts.map(({ origin }) => origin.client);
  const wanted = rule === null ? [] : [rule];
  if (rules.length === wanted.length && rules[0] === wanted[0]) return [];
  return [`is in ${rules.length} rollouts of rules ${rules.join(', ') || '–'}`];
}

function bystanderFaults(
  { witness, bystanders }: Played,
  instances: Readonly<Record<string, InstanceState>>,
  rolloutsOf: ReadonlyMap<string, readonly Rollout[]>,
): string[] {
  return bystanders.instanceIds.flatMap((id) => {
    const { name, keyPairName, boots } = instances[id]!;
    // Seeding counts as one boot. The operator's reboot is another.
    const wantedBoots = id === bystanders.rebootedId ? 2 : 1;
    const isUntouched =
      keyPairName === null &&
      boots === wantedBoots &&
      witness.attachedOf(id) === 0 &&
      !rolloutsOf.has(id);
    return isUntouched ? [] : [`${id} (${name}): was not launched, and was changed`];
  });
}

function openFaults(rollouts: readonly Rollout[]): string[] {
  const open = rollouts.filter(({ phase }) => phase !== 'done').length;
  const strange = rollouts.filter(({ origin }) => origin.door !== 'launch').length;
  return [
    ...(open > 0 ? [`${open} rollouts are not done`] : []),
    ...(strange > 0 ? [`${strange} rollouts that no launch asked for`] : []),
    ...(rollouts.length > MOST_ROLLOUTS
      ? [`${rollouts.length} rollouts, more than ${MOST_ROLLOUTS}`]
      : []),
  ];
}

function byInstance(rollouts: readonly Rollout[]): Map<string, Rollout[]> {
  const found = new Map<string, Rollout[]>();
  for (const rollout of rollouts) {
    for (const { instanceId } of rollout.instances) {
      found.set(instanceId, [...(found.get(instanceId) ?? []), rollout]);
    }
  }
  return found;
}

/** Counts events that EventBridge gave up, and messages that Latchkey put into its dead-letter queue. */
function deadLettersOf({ smq, eventbridge, fc }: Cloud): number {
  const queues = smq.state() as Readonly<Record<string, { readonly messages: readonly unknown[] }>>;
  const names = new Set(
    fc.functions.map(({ environment }) => environment['SMQ_DEAD_LETTER_QUEUE']),
  );
  const laidAside = [...names].map((name) => queues[name ?? '']?.messages.length ?? 0);
  const { rules, streams } = eventbridge.state() as Readonly<
    Record<'rules' | 'streams', readonly { readonly discarded: number }[]>
  >;
  const lost = [...rules, ...streams].map(({ discarded }) => discarded);
  return [...laidAside, ...lost].reduce((sum, n) => sum + n, 0);
}

import type { InstanceId, KeyPair } from '../model/instance.ts';
import type { PlanSummary } from '../model/plan.ts';
import { isSameKeyPair } from '../policy/permission.ts';

/** The plan of one instance: action, restart and, in an undo, the key pair to bind. */
type Actions = readonly string[];

type Option = PlanSummary['options'][string];

/**
 * Every difference between the current plan and the expected one. It is empty if and only if the digests are
 * equal. The current plan follows from the expected plan and this difference.
 */
export interface PlanDifference {
  readonly added: readonly {
    readonly instanceId: InstanceId;
    /** Its position in the current plan, from 0. */
    readonly index: number;
    readonly now: Actions;
  }[];
  readonly removed: readonly { readonly instanceId: InstanceId; readonly expected: Actions }[];
  readonly changed: readonly {
    readonly instanceId: InstanceId;
    readonly expected: Actions;
    readonly now: Actions;
  }[];
  readonly keyPair?: { readonly expected: KeyPair; readonly now: KeyPair };
  /** By name. A missing side is a plan of another version that does not know the option. */
  readonly options?: readonly {
    readonly name: string;
    readonly expected?: Option;
    readonly now?: Option;
  }[];
  readonly regionId?: { readonly expected: string; readonly now: string };
  /** All instances in their current order, when instances of both plans have changed places. */
  readonly order?: readonly InstanceId[];
}

export function planDifference(expected: PlanSummary, now: PlanSummary): PlanDifference {
  const before = actionsById(expected);
  const after = actionsById(now);
  const instances = [...after].map(([instanceId, actions], index) => {
    return { instanceId, index, expected: before.get(instanceId), now: actions };
  });
  const kept = [...before.keys()].filter((id) => after.has(id));
  const keptNow = [...after.keys()].filter((id) => before.has(id));
  const options = optionDifference(expected.options, now.options);
  return {
    added: instances
      .filter((one) => one.expected === undefined)
      .map(({ instanceId, index, now: actions }) => ({ instanceId, index, now: actions })),
    removed: [...before]
      .filter(([instanceId]) => !after.has(instanceId))
      .map(([instanceId, actions]) => ({ instanceId, expected: actions })),
    changed: instances.flatMap(({ instanceId, expected: old, now: actions }) =>
      old === undefined || isSame(old, actions)
        ? []
        : [{ instanceId, expected: old, now: actions }],
    ),
    ...(isSameKeyPair(expected.keyPair, now.keyPair)
      ? {}
      : { keyPair: { expected: expected.keyPair, now: now.keyPair } }),
    ...(options.length === 0 ? {} : { options }),
    ...(expected.regionId === now.regionId
      ? {}
      : { regionId: { expected: expected.regionId, now: now.regionId } }),
    ...(isSame(kept, keptNow) ? {} : { order: [...after.keys()] }),
  };
}

function actionsById({ instances }: PlanSummary): ReadonlyMap<InstanceId, Actions> {
  return new Map(instances.map(([instanceId = '', ...actions]) => [instanceId, actions]));
}

function optionDifference(
  expected: PlanSummary['options'],
  now: PlanSummary['options'],
): NonNullable<PlanDifference['options']> {
  const names = new Set([...Object.keys(expected), ...Object.keys(now)]);
  return [...names]
    .toSorted()
    .filter((name) => expected[name] !== now[name])
    .map((name) => ({
      name,
      ...(expected[name] === undefined ? {} : { expected: expected[name] }),
      ...(now[name] === undefined ? {} : { now: now[name] }),
    }));
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

/** The most instances that are named: our own choice, because the history keeps the text. */
const MAX_NAMED = 5;

/** The difference between two plans in one line. */
export function differenceInWords(difference: PlanDifference): string {
  const { added, removed, changed, keyPair, options, regionId, order } = difference;
  const parts = [
    ...named(
      'added',
      added.map(({ instanceId, now }) => `${instanceId} ${actions(now)}`),
    ),
    ...named(
      'removed',
      removed.map(({ instanceId }) => instanceId),
    ),
    ...named(
      'changed',
      changed.map(
        ({ instanceId, expected, now }) =>
          `${instanceId} ${actions(now)} instead of ${actions(expected)}`,
      ),
    ),
    ...(keyPair === undefined
      ? []
      : [`key pair ${keyPair.now.name} now has the fingerprint ${keyPair.now.fingerprint}`]),
    ...(options === undefined
      ? []
      : [`changed options: ${options.map(({ name }) => name).join(', ')}`]),
    ...(regionId === undefined ? [] : [`region ${regionId.now}`]),
    ...(order === undefined ? [] : ['instances in another order']),
  ];
  return parts.join('; ');
}

/** `attach, reboot`: the action or the reason to skip, and the restart. */
function actions(all: readonly string[]): string {
  return all.filter((one) => one !== '').join(', ');
}

function named(what: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length - MAX_NAMED;
  const rest = more > 0 ? `; and ${more} more` : '';
  return [`${what}: ${items.slice(0, MAX_NAMED).join('; ')}${rest}`];
}

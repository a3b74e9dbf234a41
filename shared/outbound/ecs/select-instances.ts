import type { InstanceId, Snapshot } from '../../domain/model/instance.ts';
import type { Selection } from '../../domain/model/ports.ts';
import { CONDITION_NAMES, type ConditionName, type Selector } from '../../domain/model/selector.ts';
import { isSelected } from '../../domain/plan/targets.ts';

/**
 * Filters by tags or by resource group work up to this number of resources, whatever the other filters are.
 * What happens above it is not documented:
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances
 */
export const MAX_FILTERED = 1_000;

/** Pages of 100 instances that are read for one selector: our own choice, about ten seconds. */
const MAX_PAGES = 100;

/** The parameter of `DescribeInstances` that filters by each condition, as the SDK names it. */
const PARAMETERS = {
  keyPairName: 'keyPairName',
  zoneId: 'zoneId',
  vpcId: 'vpcId',
  // There is no filter for instances in the default group.
  resourceGroupId: 'resourceGroupId',
  // `*` stands for any characters.
  namePrefix: 'instanceName',
} as const satisfies Record<ConditionName, string>;

/** Filters of `DescribeInstances`: all of them must hold. One that is left out or empty is ignored. */
export type InstanceFilter = {
  readonly tags?: Readonly<Record<string, string>>;
} & { readonly [P in (typeof PARAMETERS)[ConditionName]]?: string };

interface Way {
  readonly filter: InstanceFilter;
  readonly isLimited: boolean;
}

/**
 * Finds the instances of a selector. Every instance that ECS returns is checked again: a filter that ECS
 * ignores must not add targets. No instance may be missing unnoticed: a limited filter is used alone, since
 * only then does the count show whether the limit was reached. If it was, the next way is tried.
 */
export async function selectInstances(
  pagesOf: (filter: InstanceFilter) => AsyncIterable<readonly Snapshot[]>,
  selector: Selector,
  atMost: number,
): Promise<Selection> {
  let found: readonly Snapshot[] = [];
  for (const { filter, isLimited } of waysTo(selector)) {
    const maxRead = isLimited ? MAX_FILTERED : Number.POSITIVE_INFINITY;
    const read = await readAll(pagesOf(filter), selector, { atMost, maxRead });
    found = read.snapshots;
    if (read.end !== 'limit') return { snapshots: found, more: read.end === 'enough' };
  }
  return { snapshots: found, more: true };
}

/** Each way finds every selected instance, and maybe more. The ways that are usually shortest come first. */
function waysTo(selector: Selector): Way[] {
  const { tags, resourceGroupId } = selector;
  const plain: InstanceFilter = Object.fromEntries(
    CONDITION_NAMES.filter((name) => name !== 'resourceGroupId').flatMap((name) => {
      const value = selector[name];
      if (value === null) return [];
      // A prefix may contain `*` itself. Then ECS returns more than is selected.
      return [[PARAMETERS[name], name === 'namePrefix' ? `${value}*` : value]];
    }),
  );
  return [
    ...(Object.keys(tags).length === 0 ? [] : [{ filter: { tags }, isLimited: true }]),
    ...(resourceGroupId === null ? [] : [{ filter: { resourceGroupId }, isLimited: true }]),
    ...(Object.keys(plain).length === 0 ? [] : [{ filter: plain, isLimited: false }]),
  ];
}

interface Read {
  readonly snapshots: readonly Snapshot[];
  /** `all` were read; `enough`: more than `atMost` are selected; `limit`: ECS may not have returned all. */
  readonly end: 'all' | 'enough' | 'limit';
}

async function readAll(
  pages: AsyncIterable<readonly Snapshot[]>,
  selector: Selector,
  { atMost, maxRead }: { readonly atMost: number; readonly maxRead: number },
): Promise<Read> {
  const found = new Map<InstanceId, Snapshot>();
  const ending = (end: Read['end']): Read => ({ snapshots: [...found.values()], end });
  let pagesRead = 0;
  let read = 0;
  for await (const page of pages) {
    if (pagesRead >= MAX_PAGES) return ending('limit');
    // An instance can move to a later page while pages are read. The later description is newer.
    for (const snapshot of page) {
      if (isSelected(selector, snapshot)) found.set(snapshot.instanceId, snapshot);
      else found.delete(snapshot.instanceId);
    }
    pagesRead += 1;
    read += page.length;
    if (found.size > atMost) return ending('enough');
    if (read >= maxRead) return ending('limit');
  }
  return ending('all');
}

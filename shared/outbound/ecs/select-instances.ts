import type { InstanceId, Snapshot } from '../../domain/model/instance.ts';
import type { Selection } from '../../domain/model/ports.ts';
import type { Selector } from '../../domain/model/request.ts';
import { isSelected } from '../../domain/plan/targets.ts';

/**
 * A filter by tags or by resource group covers at most so many resources, also together with other filters.
 * What ECS does beyond this limit is not documented:
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances
 */
export const MAX_FILTERED = 1_000;

/** The pages of 100 instances that are read for one selector: our own choice, about ten seconds. */
const MAX_PAGES = 100;

/** Filters of `DescribeInstances`. All of them must match. A missing or empty filter matches everything. */
export interface InstanceFilter {
  readonly tags?: Readonly<Record<string, string>>;
  readonly keyPairName?: string;
  readonly zoneId?: string;
  readonly vpcId?: string;
  /** ECS cannot filter by the default group. */
  readonly resourceGroupId?: string;
  /** `*` matches any characters. */
  readonly instanceName?: string;
}

/** A filter that passes every selected instance, and perhaps others. */
interface Way {
  readonly filter: InstanceFilter;
  /** Whether `MAX_FILTERED` applies to it. */
  readonly isLimited: boolean;
}

/**
 * Finds the instances that the selector selects.
 *
 * Every instance from ECS is compared with the selector, so that a filter that ECS ignores cannot add targets.
 * No instance may be missing unnoticed. So a limited filter is used alone, because its count then shows
 * whether the limit was reached. If it was, the next filter is tried.
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

/** The filters to try, the ones that usually match the fewest instances first. */
function waysTo({ tags, resourceGroupId, ...others }: Selector): Way[] {
  const { keyPairName, zoneId, vpcId, namePrefix } = others;
  const plain = {
    ...(keyPairName === null ? {} : { keyPairName }),
    ...(zoneId === null ? {} : { zoneId }),
    ...(vpcId === null ? {} : { vpcId }),
    // A prefix can contain `*` itself. Then the filter matches more than the selector.
    ...(namePrefix === null ? {} : { instanceName: `${namePrefix}*` }),
  };
  return [
    ...(Object.keys(tags).length === 0 ? [] : [{ filter: { tags }, isLimited: true }]),
    ...(resourceGroupId === null ? [] : [{ filter: { resourceGroupId }, isLimited: true }]),
    ...(Object.keys(plain).length === 0 ? [] : [{ filter: plain, isLimited: false }]),
  ];
}

interface Read {
  readonly snapshots: readonly Snapshot[];
  /** `all`: every page was read. `enough`: more than `atMost` are selected. `limit`: some may be missing. */
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
    // An instance can appear on two pages, because it can change between them. The later one is newer.
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

import type { InstanceId, Snapshot } from '../../domain/model/instance.ts';
import type { Selection } from '../../domain/model/ports.ts';
import type { Selector } from '../../domain/model/request.ts';
import { isSelected } from '../../domain/plan/targets.ts';

/**
 * Filtering by tags or by resource group works up to so many resources, whatever else is filtered by;
 * what comes beyond is not documented:
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances
 */
export const MAX_FILTERED = 1_000;

/** Pages that are read for one selector, of 100 instances: our own choice, some ten seconds. */
const MAX_PAGES = 100;

/** Filters of `DescribeInstances`: all of them must hold. One that is left out or empty lets all pass. */
export interface InstanceFilter {
  readonly tags?: Readonly<Record<string, string>>;
  readonly keyPairName?: string;
  readonly zoneId?: string;
  readonly vpcId?: string;
  /** The default group is none that can be filtered by. */
  readonly resourceGroupId?: string;
  /** `*` stands for any characters. */
  readonly instanceName?: string;
}

interface Way {
  readonly filter: InstanceFilter;
  readonly isLimited: boolean;
}

/**
 * What the selector selects. Whatever ECS lets pass is looked at again: a filter that it ignores must
 * not widen the targets. And nothing may be missing unseen: so a filter that is limited is used alone,
 * for only then its count says whether the limit was kept; beyond it the next way is gone.
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

/** Each finds all that is selected, and more; the ones that are usually the shortest come first. */
function waysTo({ tags, resourceGroupId, ...others }: Selector): Way[] {
  const { keyPairName, zoneId, vpcId, namePrefix } = others;
  const plain = {
    ...(keyPairName === null ? {} : { keyPairName }),
    ...(zoneId === null ? {} : { zoneId }),
    ...(vpcId === null ? {} : { vpcId }),
    // A prefix may hold `*` itself: then more passes than is selected.
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
  /** `all` were read; `enough`: more than `atMost` are selected; `limit`: some may not have been shown. */
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
    // While pages are read, an instance may come up on two of them. The later one is newer.
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

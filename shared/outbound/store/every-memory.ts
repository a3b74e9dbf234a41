import type { InstanceMemory } from '../../domain/model/instance.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { INF_MAX, INF_MIN, type RangeEnd } from '../tablestore/model.ts';
import { decodeMemory } from './instance-row.ts';
import { pagesOf } from './pages.ts';
import { INSTANCES } from './tables.ts';

/**
 * Everything that is stored about the instances of a region, page by page, sorted by id. It reads the whole
 * table, so it is for tools only. A change during the reading may be included or not.
 */
export async function* everyMemory(
  client: Pick<TablestoreClient, 'getRange'>,
  regionId: string,
): AsyncGenerator<readonly InstanceMemory[]> {
  const end = (instanceId: typeof INF_MIN | typeof INF_MAX): RangeEnd => [
    ['region', regionId],
    ['instanceId', instanceId],
  ];
  const range = { direction: 'forward', start: end(INF_MIN), end: end(INF_MAX) } as const;
  for await (const rows of pagesOf(client, { table: INSTANCES.name, ...range })) {
    yield rows.map(({ key, columns }) => decodeMemory(String(key[1]![1]), columns));
  }
}

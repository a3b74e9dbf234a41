import type { InstanceMemory } from '../../domain/model/instance.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { INF_MAX, INF_MIN, type RangeEnd } from '../tablestore/model.ts';
import { decodeMemory } from './instance-row.ts';
import { INSTANCES } from './tables.ts';

/**
 * Everything that is remembered of instances of the region, page by page, by id: for people who look, as
 * it reads the whole table. What changes meanwhile may be seen as before or as after.
 */
export async function* everyMemory(
  client: Pick<TablestoreClient, 'getRange'>,
  regionId: string,
): AsyncGenerator<readonly InstanceMemory[]> {
  const [regionKey, idKey] = INSTANCES.primaryKey;
  const at = (value: typeof INF_MIN | typeof INF_MAX): RangeEnd => [
    [regionKey.name, regionId],
    [idKey.name, value],
  ];
  let start: RangeEnd | undefined = at(INF_MIN);
  while (start !== undefined) {
    const page: Awaited<ReturnType<TablestoreClient['getRange']>> = await client.getRange({
      table: INSTANCES.name,
      direction: 'forward',
      start,
      end: at(INF_MAX),
    });
    yield page.rows.map(({ key, columns }) => decodeMemory(String(key[1]![1]), columns));
    start = page.next;
  }
}

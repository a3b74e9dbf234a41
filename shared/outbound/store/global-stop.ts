import { LatchkeyError } from '../../domain/model/errors.ts';
import type { GlobalStop } from '../../domain/model/ports.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { isConditionFailure } from '../tablestore/errors.ts';
import { columnEquals, type Columns, type ColumnValue } from '../tablestore/model.ts';
import { INSTANCES, keyIn } from './tables.ts';

/**
 * The stop is a row of the table of the instances, because its rows never expire. No instance has this id.
 * See docs/decisions/0006-the-stop-has-no-end.md.
 */
const ROW = '!stop';

/**
 * The global stop of one region.
 *
 * The row is a stop whatever its columns hold: a stop that cannot be read still stops. `set(null)` removes
 * only the stop that it has read. When somebody has stopped again meanwhile, it rejects with `conflict`.
 */
export function tablestoreGlobalStop(client: TablestoreClient, regionId: string): GlobalStop {
  const table = INSTANCES.name;
  const key = keyIn(INSTANCES, regionId, ROW);

  const readColumns = async () => (await client.getRow({ table, key }))?.columns;

  return {
    async read() {
      const columns = await readColumns();
      if (columns === undefined) return null;
      const atMs = columns.get('atMs');
      return {
        by: textOf(columns, 'by'),
        atMs: typeof atMs === 'number' ? atMs : 0,
        reason: textOf(columns, 'reason'),
      };
    },
    async set(stop) {
      if (stop !== null) {
        const columns = new Map<string, ColumnValue>(
          Object.entries({ by: stop.by, atMs: stop.atMs, reason: stop.reason }),
        );
        const condition = { row: 'ignore' } as const;
        await client.writeRow(table, { kind: 'put', key, columns, condition });
        return;
      }
      const seen = await readColumns();
      if (seen === undefined) return;
      // A missing column means that the row is gone, perhaps by an earlier try of this call.
      const column = columnEquals('atMs', seen.get('atMs') ?? 0, true);
      const condition = { row: 'ignore', column } as const;
      try {
        await client.writeRow(table, { kind: 'delete', key, condition });
      } catch (cause) {
        if (!isConditionFailure(cause)) throw cause;
        const message = 'Cannot let rollouts go on: stopped again meanwhile';
        throw new LatchkeyError('conflict', message, { cause });
      }
    },
  };
}

function textOf(columns: Columns, name: string): string {
  const value = columns.get(name);
  return typeof value === 'string' ? value : '';
}

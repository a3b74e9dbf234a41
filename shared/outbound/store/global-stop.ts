import { LatchkeyError } from '../../domain/model/errors.ts';
import type { GlobalStop } from '../../domain/model/ports.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { isConditionFailure } from '../tablestore/errors.ts';
import type { Columns, ColumnValue, PrimaryKey } from '../tablestore/model.ts';
import { INSTANCES } from './tables.ts';

/**
 * In the table of the instances, whose rows never end by age, under an id that no instance has
 * (docs/decisions/0006-the-stop-has-no-end.md).
 */
const ROW = '!stop';

/**
 * The global stop of one region.
 *
 * A row is a stop whatever its columns hold: what cannot be read must not let restarts go on. A stop
 * can be taken back only by one who saw it: `set(null)` that is late, or is sent again, takes away no
 * later stop and rejects with `conflict`.
 */
export function tablestoreGlobalStop(client: TablestoreClient, regionId: string): GlobalStop {
  const table = INSTANCES.name;
  const key: PrimaryKey = [
    ['region', regionId],
    ['instanceId', ROW],
  ];
  const safe = { idempotent: true } as const;

  const columnsThere = async () => (await client.getRow({ table, key }))?.columns;

  return {
    async read() {
      const columns = await columnsThere();
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
        await client.putRow(table, { kind: 'put', key, columns, condition }, safe);
        return;
      }
      const seen = await columnsThere();
      if (seen === undefined) return;
      const condition = {
        row: 'ignore',
        // Missing: taken back already, perhaps by an earlier try of this very call.
        column: {
          kind: 'compare',
          column: 'atMs',
          comparator: '=',
          value: seen.get('atMs') ?? 0,
          passIfMissing: true,
        },
      } as const;
      try {
        await client.deleteRow(table, { kind: 'delete', key, condition }, safe);
      } catch (cause) {
        if (!(cause instanceof LatchkeyError) || !isConditionFailure(cause)) throw cause;
        throw new LatchkeyError('conflict', 'Cannot let rollouts go on: stopped again meanwhile', {
          cause,
        });
      }
    },
  };
}

function textOf(columns: Columns, name: string): string {
  const value = columns.get(name);
  return typeof value === 'string' ? value : '';
}

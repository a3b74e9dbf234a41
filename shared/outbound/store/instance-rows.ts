import { LatchkeyError } from '../../domain/model/errors.ts';
import type { InstanceId } from '../../domain/model/instance.ts';
import { chunks, mapPool } from '../../lib/pool.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { isConditionFailure } from '../tablestore/errors.ts';
import { MAX_READ_ROWS, MAX_WRITE_ROWS } from '../tablestore/limits.ts';
import type { ColumnCondition, Columns, RowWrite } from '../tablestore/model.ts';
import { INSTANCES, keyIn } from './tables.ts';

/** Our own choice: 1,000 instances are 10 reads or 5 writes, so no call waits for another. */
export const CALLS_IN_FLIGHT = 10;
/** Our own choice: an owner seldom changes between a refused write and the read after it. */
const MAX_ROUNDS = 3;

/** How to claim instances, each for one owner. */
interface Claim<Owner> {
  /** For the error message, such as `hold instance`. */
  readonly action: string;
  /** The columns that make this caller the owner. */
  readonly columns: Columns;
  /** Holds while the caller may become the owner. */
  readonly condition: (instanceId: InstanceId) => ColumnCondition;
  /** The columns that `ownerIn` needs. */
  readonly ownerColumns: readonly string[];
  /** The owner that refused the write; undefined when there is none now, so that the write is repeated. */
  readonly ownerIn: (instanceId: InstanceId, columns: Columns) => Owner | undefined;
}

/** Rows of the table `instances` of one region. Every method takes any number of ids, each once. */
export function instanceRows(client: TablestoreClient, regionId: string) {
  const table = INSTANCES.name;

  // Both wait for all their calls before they throw: no call may go on after the handler has returned.

  async function read(
    instanceIds: readonly InstanceId[],
    columns?: readonly string[],
  ): Promise<Map<InstanceId, Columns>> {
    const rows = await mapPool(chunks(instanceIds, MAX_READ_ROWS), CALLS_IN_FLIGHT, (ids) => {
      const keys = ids.map((id) => keyIn(INSTANCES, regionId, id));
      return client.batchGetRow({ table, keys, ...(columns && { columns }) });
    });
    const found = new Map<InstanceId, Columns>();
    rows.flat().forEach((row, i) => {
      if (row instanceof LatchkeyError) throw row;
      if (row !== undefined) found.set(instanceIds[i]!, row.columns);
    });
    return found;
  }

  /** @returns the ids whose condition did not hold */
  async function write(
    instanceIds: readonly InstanceId[],
    writeOf: (instanceId: InstanceId) => RowWrite,
  ): Promise<InstanceId[]> {
    const errors = await mapPool(chunks(instanceIds, MAX_WRITE_ROWS), CALLS_IN_FLIGHT, (ids) =>
      client.batchWriteRow(table, ids.map(writeOf)),
    );
    const failures = errors.flat();
    const worst = failures.find((error) => error !== undefined && !isConditionFailure(error));
    if (worst !== undefined) throw worst;
    return instanceIds.filter((_, i) => failures[i] !== undefined);
  }

  /**
   * Claims each instance, unless it has an owner that the condition respects.
   *
   * @returns the owner of each instance whose claim was refused
   * @throws {LatchkeyError} `unavailable` when a claim is refused again and again, and nobody owns the instance
   */
  async function claim<Owner>(
    instanceIds: readonly InstanceId[],
    { action, columns, condition, ownerColumns, ownerIn }: Claim<Owner>,
  ): Promise<Map<InstanceId, Owner>> {
    const owners = new Map<InstanceId, Owner>();
    let open = instanceIds;
    let absent: ReadonlySet<InstanceId> = new Set();
    for (let round = 1; open.length > 0; round++) {
      const refused = await write(open, (id) => {
        const key = keyIn(INSTANCES, regionId, id);
        // No document says how a column condition judges a row that does not exist. So where the read
        // found no row, absence itself is the condition.
        return absent.has(id)
          ? { kind: 'put', key, columns, condition: { row: 'absent' } }
          : { kind: 'update', key, columns, condition: { row: 'ignore', column: condition(id) } };
      });
      if (refused.length === 0) break;
      const rows = await read(refused, ownerColumns);
      open = refused.filter((id) => {
        const row = rows.get(id);
        const owner = row && ownerIn(id, row);
        if (owner !== undefined) owners.set(id, owner);
        return owner === undefined;
      });
      absent = new Set(open.filter((id) => !rows.has(id)));
      if (open.length > 0 && round === MAX_ROUNDS) {
        const why = 'refused, though nobody holds it';
        throw new LatchkeyError('unavailable', `Cannot ${action} "${open[0]}": ${why}`);
      }
    }
    return owners;
  }

  return { read, write, claim };
}

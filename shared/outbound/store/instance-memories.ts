import { LatchkeyError } from '../../domain/model/errors.ts';
import type { InstanceId, InstanceMemory, LaunchClaim } from '../../domain/model/instance.ts';
import { chunks, mapPool } from '../../lib/pool.ts';
import type { InstanceMemories } from '../../domain/model/ports.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { isConditionFailure } from '../tablestore/errors.ts';
import { MAX_READ_ROWS, MAX_WRITE_ROWS } from '../tablestore/limits.ts';
import type { ColumnCondition, Columns, RowWrite } from '../tablestore/model.ts';
import {
  decodeMemory,
  encodeMemory,
  HOLDER_COLUMN,
  instanceKey,
  LAUNCH_OWNER_COLUMN,
  LAUNCH_COLUMN,
  NOT_RUNNING_COLUMN,
} from './instance-row.ts';
import { INSTANCES } from './tables.ts';

/** Our own choice: 1,000 instances are 10 reads or 5 writes, and none of them waits for another. */
export const CALLS_IN_FLIGHT = 10;
/** Our own choice: an instance that is given back between a write and the look at it is rare. */
const MAX_HOLD_ROUNDS = 3;
/** Our own choice: a launch that is claimed between a write and the look at it is rare. */
const MAX_CLAIM_ROUNDS = 3;

/**
 * The table `instances` of design.md §4, for one region.
 *
 * Every write is on a condition that makes it safe to repeat, so each is repeated when its answer is
 * lost.
 */
export function tablestoreMemories(client: TablestoreClient, regionId: string): InstanceMemories {
  const table = INSTANCES.name;
  const safe = { idempotent: true } as const;

  // Both wait for every call before they throw: nothing may run on when a handler has returned.

  async function read(
    instanceIds: readonly InstanceId[],
    columns?: readonly string[],
  ): Promise<Map<InstanceId, Columns>> {
    const rows = await mapPool(chunks(instanceIds, MAX_READ_ROWS), CALLS_IN_FLIGHT, (ids) => {
      const keys = ids.map((id) => instanceKey(regionId, id));
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
      client.batchWriteRow(table, ids.map(writeOf), safe),
    );
    const failures = errors.flat();
    const worst = failures.find((error) => error !== undefined && !isConditionFailure(error));
    if (worst !== undefined) throw worst;
    return instanceIds.filter((_, i) => failures[i] !== undefined);
  }

  return {
    async recall(instanceIds) {
      const found = await read(unique(instanceIds));
      return new Map(
        [...found].map(([id, columns]): [InstanceId, InstanceMemory] => [
          id,
          decodeMemory(id, columns),
        ]),
      );
    },

    async hold(rolloutId, instanceIds) {
      const taken = new Map<InstanceId, string>();
      let open = unique(instanceIds);
      let absent: ReadonlySet<InstanceId> = new Set();
      const columns = new Map([[HOLDER_COLUMN, rolloutId]]);
      const condition = { row: 'ignore', column: freeOrHeldBy(rolloutId) } as const;
      for (let round = 1; open.length > 0; round++) {
        const refused = await write(open, (id) => {
          const key = instanceKey(regionId, id);
          // How a column condition judges a row that does not exist is documented nowhere: where
          // the look found none, absence itself is the condition.
          return absent.has(id)
            ? { kind: 'put', key, columns, condition: { row: 'absent' } }
            : { kind: 'update', key, puts: columns, condition };
        });
        if (refused.length === 0) break;
        const rows = await read(refused, [HOLDER_COLUMN]);
        const holders = new Map(refused.map((id) => [id, rows.get(id)?.get(HOLDER_COLUMN)]));
        open = refused.filter((id) => {
          const holder = holders.get(id);
          if (typeof holder !== 'string' || holder === '') return true;
          if (holder !== rolloutId) taken.set(id, holder);
          return false;
        });
        absent = new Set(open.filter((id) => !rows.has(id)));
        if (open.length > 0 && round === MAX_HOLD_ROUNDS) {
          throw new LatchkeyError(
            'unavailable',
            `Cannot hold instance "${open[0]}": refused, though nobody holds it`,
          );
        }
      }
      return taken;
    },

    async release(rolloutId, memories) {
      const byId = new Map(memories.map((memory) => [memory.instanceId, memory]));
      const condition = { row: 'exists', column: heldBy(rolloutId) } as const;
      // A condition that does not hold: given back already, or another's.
      await write([...byId.keys()], (id) => ({
        kind: 'update',
        key: instanceKey(regionId, id),
        puts: encodeMemory(byId.get(id)!).set(HOLDER_COLUMN, ''),
        condition,
      }));
    },

    async claimLaunch(
      rolloutId,
      instanceIds,
      ownerUntilMs,
      dead = new Map<InstanceId, LaunchClaim>(),
    ) {
      const claims = new Map<InstanceId, LaunchClaim>();
      let open = unique(instanceIds);
      let absent: ReadonlySet<InstanceId> = new Set();
      for (let round = 1; open.length > 0; round++) {
        const refused = new Set(
          await write(open, (id) => {
            const key = instanceKey(regionId, id);
            const columns = new Map<string, string | number>([
              [LAUNCH_COLUMN, rolloutId],
              [LAUNCH_OWNER_COLUMN, ownerUntilMs],
            ]);
            // As in `hold`: where the look found no row, absence itself is the condition.
            if (absent.has(id)) return { kind: 'put', key, columns, condition: { row: 'absent' } };
            const column = unclaimedOr(rolloutId, dead.get(id));
            return { kind: 'update', key, puts: columns, condition: { row: 'ignore', column } };
          }),
        );
        for (const id of open) if (!refused.has(id)) claims.set(id, { rolloutId, ownerUntilMs });
        if (refused.size === 0) break;
        const rows = await read([...refused], [LAUNCH_COLUMN, LAUNCH_OWNER_COLUMN]);
        open = [...refused].filter((id) => {
          const claim = claimIn(id, rows.get(id));
          if (claim === null || !isKept(claim, rolloutId, dead.get(id))) return true;
          claims.set(id, claim);
          return false;
        });
        absent = new Set(open.filter((id) => !rows.has(id)));
        if (open.length > 0 && round === MAX_CLAIM_ROUNDS) {
          throw new LatchkeyError(
            'unavailable',
            `Cannot claim the launch of "${open[0]}": refused, though nobody has it`,
          );
        }
      }
      return claims;
    },

    async witness(instanceId, notRunningAtMs) {
      const isNews: ColumnCondition = {
        kind: 'compare',
        column: NOT_RUNNING_COLUMN,
        comparator: '<',
        value: notRunningAtMs,
        passIfMissing: true,
      };
      const isHeld: ColumnCondition = {
        kind: 'compare',
        column: HOLDER_COLUMN,
        comparator: '!=',
        value: '',
        passIfMissing: false,
      };
      try {
        await client.updateRow(
          table,
          {
            kind: 'update',
            key: instanceKey(regionId, instanceId),
            puts: new Map([[NOT_RUNNING_COLUMN, notRunningAtMs]]),
            condition: { row: 'exists', column: { kind: 'and', parts: [isHeld, isNews] } },
          },
          safe,
        );
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
      }
    },
  };
}

function heldBy(holder: string, passIfMissing = false): ColumnCondition {
  return { kind: 'compare', column: HOLDER_COLUMN, comparator: '=', value: holder, passIfMissing };
}

function freeOrHeldBy(rolloutId: string): ColumnCondition {
  return { kind: 'or', parts: [heldBy('', true), heldBy(rolloutId, true)] };
}

function claimIn(instanceId: InstanceId, columns: Columns | undefined): LaunchClaim | null {
  return columns === undefined ? null : decodeMemory(instanceId, columns).launch;
}

/** Whether a claim keeps the rollout from taking the launch. */
function isKept(claim: LaunchClaim, rolloutId: string, dead: LaunchClaim | undefined): boolean {
  if (claim.rolloutId === rolloutId) return false;
  return claim.rolloutId !== dead?.rolloutId || claim.ownerUntilMs !== dead.ownerUntilMs;
}

function unclaimedOr(rolloutId: string, dead: LaunchClaim | undefined): ColumnCondition {
  const is = (value: string, passIfMissing: boolean): ColumnCondition => ({
    kind: 'compare',
    column: LAUNCH_COLUMN,
    comparator: '=',
    value,
    passIfMissing,
  });
  // Also where it is ours: then only the time moves on.
  const freeOrOurs = is(rolloutId, true);
  if (dead === undefined) return freeOrOurs;
  const asRead: ColumnCondition = {
    kind: 'compare',
    column: LAUNCH_OWNER_COLUMN,
    comparator: '=',
    value: dead.ownerUntilMs,
    passIfMissing: false,
  };
  const deadOne: ColumnCondition = { kind: 'and', parts: [is(dead.rolloutId, false), asRead] };
  return { kind: 'or', parts: [freeOrOurs, deadOne] };
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

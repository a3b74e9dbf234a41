import type { InstanceId, InstanceMemory, LaunchClaim } from '../../domain/model/instance.ts';
import type { InstanceMemories } from '../../domain/model/ports.ts';
import {
  decodeMemory,
  encodeMemory,
  HOLDER_COLUMN,
  LAUNCH_COLUMN,
  LAUNCH_OWNER_COLUMN,
  NOT_RUNNING_COLUMN,
} from './instance-row.ts';
import { instanceRows } from './instance-rows.ts';
import { pagesOf } from './pages.ts';
import { INSTANCES, keyIn, rowsUnder } from './tables.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { isConditionFailure } from '../tablestore/errors.ts';
import { type ColumnCondition, columnEquals } from '../tablestore/model.ts';

/**
 * The table `instances`, for one region.
 *
 * Every write has a condition that makes it safe to repeat, so it is repeated when its answer was lost.
 */
export function tablestoreMemories(client: TablestoreClient, regionId: string): InstanceMemories {
  const rows = instanceRows(client, regionId);
  return {
    async recall(instanceIds) {
      const found = await rows.read(unique(instanceIds));
      return new Map(
        [...found].map(([id, columns]): [InstanceId, InstanceMemory] => [
          id,
          decodeMemory(id, columns),
        ]),
      );
    },

    async hold(rolloutId, instanceIds) {
      const freeOrOurs: ColumnCondition = {
        kind: 'or',
        parts: [
          columnEquals(HOLDER_COLUMN, '', true),
          columnEquals(HOLDER_COLUMN, rolloutId, true),
        ],
      };
      const holders = await rows.claim(unique(instanceIds), {
        action: 'hold instance',
        columns: new Map([[HOLDER_COLUMN, rolloutId]]),
        condition: () => freeOrOurs,
        ownerColumns: [HOLDER_COLUMN],
        ownerIn: (_, columns) => String(columns.get(HOLDER_COLUMN) ?? '') || undefined,
      });
      return new Map([...holders].filter(([, holder]) => holder !== rolloutId));
    },

    async release(rolloutId, memories) {
      const byId = new Map(memories.map((memory) => [memory.instanceId, memory]));
      const condition = { row: 'exists', column: columnEquals(HOLDER_COLUMN, rolloutId) } as const;
      // An instance whose condition does not hold was released before, or belongs to another rollout.
      await rows.write([...byId.keys()], (id) => ({
        kind: 'update',
        key: keyIn(INSTANCES, regionId, id),
        columns: encodeMemory(byId.get(id)!).set(HOLDER_COLUMN, ''),
        condition,
      }));
    },

    async claimLaunch(
      rolloutId,
      instanceIds,
      ownerUntilMs,
      dead = new Map<InstanceId, LaunchClaim>(),
    ) {
      const ids = unique(instanceIds);
      const others = await rows.claim<LaunchClaim>(ids, {
        action: 'claim the launch of instance',
        columns: new Map<string, string | number>([
          [LAUNCH_COLUMN, rolloutId],
          [LAUNCH_OWNER_COLUMN, ownerUntilMs],
        ]),
        condition: (id) => unclaimedOr(rolloutId, dead.get(id)),
        ownerColumns: [LAUNCH_COLUMN, LAUNCH_OWNER_COLUMN],
        ownerIn: (id, columns) => {
          const { launch } = decodeMemory(id, columns);
          if (launch === null || launch.rolloutId === rolloutId) return undefined;
          return isSame(launch, dead.get(id)) ? undefined : launch;
        },
      });
      return new Map(ids.map((id) => [id, others.get(id) ?? { rolloutId, ownerUntilMs }]));
    },

    async witness(instanceId, notRunningAtMs) {
      const isHeld: ColumnCondition = {
        kind: 'compare',
        column: HOLDER_COLUMN,
        comparator: '!=',
        value: '',
        passIfMissing: false,
      };
      const isNews: ColumnCondition = {
        kind: 'compare',
        column: NOT_RUNNING_COLUMN,
        comparator: '<',
        value: notRunningAtMs,
        passIfMissing: true,
      };
      try {
        await client.writeRow(INSTANCES.name, {
          kind: 'update',
          key: keyIn(INSTANCES, regionId, instanceId),
          columns: new Map([[NOT_RUNNING_COLUMN, notRunningAtMs]]),
          condition: { row: 'exists', column: { kind: 'and', parts: [isHeld, isNews] } },
        });
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
      }
    },
  };
}

function isSame(claim: LaunchClaim, other: LaunchClaim | undefined): boolean {
  return claim.rolloutId === other?.rolloutId && claim.ownerUntilMs === other.ownerUntilMs;
}

/** Holds for a launch without a claim, with our own (only its time changes then), or with the dead one. */
function unclaimedOr(rolloutId: string, dead: LaunchClaim | undefined): ColumnCondition {
  const freeOrOurs = columnEquals(LAUNCH_COLUMN, rolloutId, true);
  if (dead === undefined) return freeOrOurs;
  const deadOne: ColumnCondition = {
    kind: 'and',
    parts: [
      columnEquals(LAUNCH_COLUMN, dead.rolloutId),
      columnEquals(LAUNCH_OWNER_COLUMN, dead.ownerUntilMs),
    ],
  };
  return { kind: 'or', parts: [freeOrOurs, deadOne] };
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

/**
 * Everything that is stored about the instances of a region, page by page, sorted by id. It reads the whole
 * table, so it is for tools only. A change during the reading may be included or not.
 */
export async function* everyMemory(
  client: Pick<TablestoreClient, 'getRange'>,
  regionId: string,
): AsyncGenerator<readonly InstanceMemory[]> {
  for await (const rows of pagesOf(client, rowsUnder(INSTANCES, regionId))) {
    yield rows.map(({ key, columns }) => decodeMemory(String(key[1]![1]), columns));
  }
}

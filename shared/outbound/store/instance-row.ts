import type { InstanceMemory } from '../../domain/model/instance.ts';
import type { Columns, ColumnValue } from '../tablestore/model.ts';

/** The row of an instance. What is not known has no column. */

/** '' when no rollout holds the instance. */
export const HOLDER_COLUMN = 'holder';
export const NOT_RUNNING_COLUMN = 'notRunningAtMs';
/** The rollout that claimed the launch of the instance, and until when. Both columns exist, or none. */
export const LAUNCH_COLUMN = 'launchRolloutId';
export const LAUNCH_OWNER_COLUMN = 'launchOwnerUntilMs';

/** @throws {TypeError} naming the instance and the column that holds something else */
export function decodeMemory(instanceId: string, columns: Columns): InstanceMemory {
  const text = (name: string) => expect(name, 'string') as string | undefined;
  const number = (name: string) => expect(name, 'number') as number | undefined;
  const expect = (name: string, type: 'string' | 'number') => {
    const value = columns.get(name);
    if (value === undefined || typeof value === type) return value;
    throw new TypeError(`Cannot read instance "${instanceId}": column "${name}" is not a ${type}`);
  };
  const name = text('boundKeyPairName');
  const fingerprint = text('boundFingerprint');
  const atMs = number('boundAtMs');
  const launchRolloutId = text(LAUNCH_COLUMN);
  const launchOwnerUntilMs = number(LAUNCH_OWNER_COLUMN);
  return {
    instanceId,
    holder: text(HOLDER_COLUMN) || null,
    bound:
      name === undefined || fingerprint === undefined || atMs === undefined
        ? null
        : { name, fingerprint, atMs },
    readyAtMs: number('readyAtMs') ?? null,
    doubtAtMs: number('doubtAtMs') ?? null,
    previousKeyPairName: text('previousKeyPairName') || null,
    notRunningAtMs: number(NOT_RUNNING_COLUMN) ?? null,
    launch:
      launchRolloutId === undefined || launchOwnerUntilMs === undefined
        ? null
        : { rolloutId: launchRolloutId, ownerUntilMs: launchOwnerUntilMs },
  };
}

/**
 * The columns to write when a rollout releases the instance. A null keeps the old value. Exception: next to
 * a new `bound`, a `previousKeyPairName` of null is written as ''. The claim of the launch always stays.
 */
export function encodeMemory(memory: InstanceMemory): Map<string, ColumnValue> {
  const { bound, readyAtMs, previousKeyPairName, doubtAtMs, notRunningAtMs } = memory;
  const columns: [string, ColumnValue | null][] = [
    ['boundKeyPairName', bound?.name ?? null],
    ['boundFingerprint', bound?.fingerprint ?? null],
    ['boundAtMs', bound?.atMs ?? null],
    ['readyAtMs', readyAtMs],
    ['doubtAtMs', doubtAtMs],
    ['previousKeyPairName', previousKeyPairName ?? (bound === null ? null : '')],
    [NOT_RUNNING_COLUMN, notRunningAtMs],
  ];
  return new Map(columns.filter((entry): entry is [string, ColumnValue] => entry[1] !== null));
}

import { randomUUID } from 'node:crypto';
import { LatchkeyError } from '../../domain/model/errors.ts';
import type { Log, Rollouts } from '../../domain/model/ports.ts';
import type { Rollout } from '../../domain/model/rollout.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { mayBeWritten } from '../tablestore/errors.ts';
import { columnEquals, type Columns } from '../tablestore/model.ts';
import { decodeHeader } from './header-column.ts';
import { rolloutIndex } from './rollout-index.ts';
import { decodeRollout, encodeChanges, encodeRollout, rolloutKey } from './rollout-row.ts';
import { ROLLOUTS } from './tables.ts';
import { CREATOR_COLUMN, fateOf, writerColumn, writerValue } from './writers.ts';

export interface StoreOptions {
  readonly log: Log;
  /** Makes a unique name for a write. Default: a random UUID. */
  readonly newWriter?: () => string;
}

/**
 * The tables `rollouts` and `index`. A creation that failed may leave an entry in the index without a rollout,
 * or with another `createdAtMs` than its rollout.
 */
export function tablestoreRollouts(
  client: TablestoreClient,
  { log, newWriter = randomUUID }: StoreOptions,
): Rollouts {
  const index = rolloutIndex(client);
  const table = ROLLOUTS.name;

  /** Reads columns that show how a doubtful write ended. @throws {LatchkeyError} `unavailable` if it cannot */
  async function readAfter(
    failure: LatchkeyError,
    rolloutId: string,
    columns: readonly string[],
  ): Promise<Columns | undefined> {
    try {
      return (await client.getRow({ table, key: rolloutKey(rolloutId), columns }))?.columns;
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      throw inDoubt(rolloutId, error.message, failure);
    }
  }

  return {
    async create(rollout) {
      const writer = newWriter();
      const columns = encodeRollout(rollout).set(CREATOR_COLUMN, writer);
      await index.add(rollout);
      const key = rolloutKey(rollout.rolloutId);
      try {
        await client.writeRow(table, { kind: 'put', key, columns, condition: { row: 'absent' } });
        return 'created';
      } catch (error) {
        if (!mayBeWritten(error)) throw error;
        const { rolloutId } = rollout;
        const found = await readAfter(error, rolloutId, [CREATOR_COLUMN, 'header']);
        // The write may still arrive, so the answer is neither yes nor no.
        if (found === undefined) throw inDoubt(rolloutId, 'not there yet', error);
        if (found.get(CREATOR_COLUMN) === writer) return 'created';
        await forgetOwnEntries(rollout, found);
        return 'exists';
      }
    },
    async load(rolloutId) {
      const row = await client.getRow({ table, key: rolloutKey(rolloutId) });
      return row === undefined ? undefined : decodeRollout(rolloutId, row.columns);
    },
    async save(before, after) {
      const { rolloutId, version } = after;
      if (before.rolloutId !== rolloutId || version !== before.version + 1) {
        throw new TypeError(
          `Cannot save rollout "${rolloutId}": the new version must be one more than the old`,
        );
      }
      const writer = newWriter();
      const column = writerColumn(version);
      const columns = encodeChanges(before, after).set(column, writerValue(version, writer));
      const isUnchanged = columnEquals('version', before.version);
      const condition = { row: 'exists', column: isUnchanged } as const;
      const key = rolloutKey(rolloutId);
      try {
        await client.writeRow(table, { kind: 'update', key, columns, condition });
        return 'saved';
      } catch (error) {
        if (!mayBeWritten(error)) throw error;
        const found = await readAfter(error, rolloutId, ['version', column]);
        const fate = fateOf(found, version, writer);
        switch (fate) {
          case 'written':
            return 'saved';
          case 'overtaken':
            return 'conflict';
          case 'not-yet':
            throw inDoubt(rolloutId, `version ${version} is not there yet`, error);
          case 'forgotten':
            throw inDoubt(rolloutId, `version ${version} is long past`, error);
        }
      }
    },
    open: () => index.open(),
    close: (entry) => index.close(entry),
    reopen: (entry) => index.reopen(entry),
    countOpen: (asker, atMost) => index.countOpen(asker, atMost),
    newest: (limit, after) => index.newest(limit, after),
  };

  /** Removes the index rows of a creation that came too late: the rollout would be listed twice. */
  async function forgetOwnEntries(rollout: Rollout, found: Columns): Promise<void> {
    const header = found.get('header');
    const winner = typeof header === 'string' ? decodeHeader(header) : undefined;
    try {
      if (winner?.createdAtMs !== rollout.createdAtMs) await index.remove(rollout);
      // The rows belong to the winner. It is done, so its open entry was removed before we wrote it again.
      else if (winner.phase === 'done') await index.close(rollout);
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      const { rolloutId } = rollout;
      // An entry without a rollout does no harm.
      log('warn', 'store.entry-left', { rolloutId, error: error.message });
    }
  }
}

function inDoubt(rolloutId: string, why: string, cause: LatchkeyError): LatchkeyError {
  const message = `Cannot tell whether rollout "${rolloutId}" was written: ${why}`;
  return new LatchkeyError('unavailable', message, { cause });
}

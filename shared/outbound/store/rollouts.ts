import { randomUUID } from 'node:crypto';
import { LatchkeyError } from '../../domain/model/errors.ts';
import type { Log, RolloutEntry, Rollouts } from '../../domain/model/ports.ts';
import type { Rollout } from '../../domain/model/rollout.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { isConditionFailure } from '../tablestore/errors.ts';
import type { Columns } from '../tablestore/model.ts';
import { decodeHeader } from './header-column.ts';
import { rolloutIndex } from './rollout-index.ts';
import { decodeRollout, encodeChanges, encodeRollout, rolloutKey } from './rollout-row.ts';
import { ROLLOUTS } from './tables.ts';
import { CREATOR_COLUMN, fateOf, writerColumn, writerValue } from './writers.ts';

export interface StoreOptions {
  readonly log: Log;
  /** A name for one write, different from every other. Default: a random UUID. */
  readonly newWriter?: () => string;
}

export interface TablestoreRollouts extends Rollouts {
  /**
   * At most `limit` entries of the index, newest first, beginning after `after`. An entry may lead
   * to no rollout, or to one with another `createdAtMs`: then a creation left it behind.
   */
  newest(limit: number, after?: RolloutEntry): Promise<readonly RolloutEntry[]>;
}

/** The tables `rollouts` and `index` of design.md §4. */
export function tablestoreRollouts(
  client: TablestoreClient,
  { log, newWriter = randomUUID }: StoreOptions,
): TablestoreRollouts {
  const index = rolloutIndex(client);
  const table = ROLLOUTS.name;
  // What became of a write that was perhaps made twice can be told by its writer.
  const safe = { idempotent: true } as const;

  /** Reads what may tell how a doubtful write ended. @throws {LatchkeyError} `unavailable` if it cannot */
  async function lookAfter(
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

  /** Whether the failure leaves open that the write took effect, in this try or an earlier one. */
  function isDoubtful(error: unknown): error is LatchkeyError {
    return (
      error instanceof LatchkeyError &&
      (isConditionFailure(error) || error.traits.certainty === 'maybe-done')
    );
  }

  return {
    async create(rollout) {
      const writer = newWriter();
      const columns = encodeRollout(rollout).set(CREATOR_COLUMN, writer);
      await index.add(rollout);
      const key = rolloutKey(rollout.rolloutId);
      try {
        await client.putRow(
          table,
          { kind: 'put', key, columns, condition: { row: 'absent' } },
          safe,
        );
        return 'created';
      } catch (error) {
        if (!isDoubtful(error)) throw error;
        const { rolloutId } = rollout;
        const found = await lookAfter(error, rolloutId, [CREATOR_COLUMN, 'header']);
        // What was sent may still arrive, so this is neither yes nor no.
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
        throw new TypeError(`Cannot save rollout "${rolloutId}": not the version after its last`);
      }
      const writer = newWriter();
      const column = writerColumn(version);
      const puts = encodeChanges(before, after).set(column, writerValue(version, writer));
      const condition = {
        row: 'exists',
        column: {
          kind: 'compare',
          column: 'version',
          comparator: '=',
          value: before.version,
          passIfMissing: false,
        },
      } as const;
      const key = rolloutKey(rolloutId);
      try {
        await client.updateRow(table, { kind: 'update', key, puts, condition }, safe);
        return 'saved';
      } catch (error) {
        if (!isDoubtful(error)) throw error;
        const found = await lookAfter(error, rolloutId, ['version', column]);
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

  /** The index rows of a creation that came too late would list the rollout twice. */
  async function forgetOwnEntries(rollout: Rollout, found: Columns): Promise<void> {
    const header = found.get('header');
    const winner = typeof header === 'string' ? decodeHeader(header) : undefined;
    try {
      if (winner?.createdAtMs !== rollout.createdAtMs) await index.remove(rollout);
      // The rows are the winner's own, but it had taken one of them away already.
      else if (winner.phase === 'done') await index.close(rollout);
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      const { rolloutId } = rollout;
      // Entries that lead nowhere do no harm.
      log('warn', 'store.entry-left', { rolloutId, error: error.message });
    }
  }
}

function inDoubt(rolloutId: string, why: string, cause: LatchkeyError): LatchkeyError {
  const message = `Cannot tell whether rollout "${rolloutId}" was written: ${why}`;
  return new LatchkeyError('unavailable', message, { cause });
}

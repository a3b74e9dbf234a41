import { LatchkeyError } from '../../domain/model/errors.ts';
import type { RequestLedger } from '../../domain/model/ports.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { isConditionFailure } from '../tablestore/errors.ts';
import type { PrimaryKey } from '../tablestore/model.ts';
import { REQUESTS } from './tables.ts';

const DIGEST = 'digest';
const STATE = 'state';

/**
 * The table `requests`: which bytes came in under which id. A row is written once, for whoever comes
 * first; afterwards only its state changes, from `open` to `done`.
 *
 * Rows end by age, 5 days after they were written: then the id is a new one.
 */
export function tablestoreLedger(client: TablestoreClient): RequestLedger {
  const table = REQUESTS.name;
  const safe = { idempotent: true } as const;

  return {
    async take(by, requestId, bodyDigest) {
      const key = keyOf(by, requestId);
      const columns = new Map([
        [DIGEST, bodyDigest],
        [STATE, 'open'],
      ]);
      try {
        const condition = { row: 'absent' } as const;
        await client.putRow(table, { kind: 'put', key, columns, condition }, safe);
        return 'open';
      } catch (error) {
        // A lost answer also ends here, at the next try: the row is then our own, and open.
        if (!isConditionFailure(error)) throw error;
      }
      const found = (await client.getRow({ table, key }))?.columns;
      if (found === undefined) {
        throw new LatchkeyError(
          'unavailable',
          `Cannot take request "${requestId}": its row is there, and cannot be read`,
        );
      }
      if (found.get(DIGEST) !== bodyDigest) return 'another';
      return found.get(STATE) === 'done' ? 'done' : 'open';
    },
    async finish(by, requestId) {
      const key = keyOf(by, requestId);
      const puts = new Map([[STATE, 'done']]);
      try {
        const condition = { row: 'exists' } as const;
        await client.updateRow(table, { kind: 'update', key, puts, condition }, safe);
      } catch (error) {
        // It ended by age.
        if (!isConditionFailure(error)) throw error;
      }
    },
  };
}

function keyOf(client: string, requestId: string): PrimaryKey {
  return [
    ['client', client],
    ['requestId', requestId],
  ];
}

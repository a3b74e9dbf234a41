import { LatchkeyError } from '../../domain/model/errors.ts';
import type { RequestLedger } from '../../domain/model/ports.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { isConditionFailure } from '../tablestore/errors.ts';
import { keyIn, REQUESTS } from './tables.ts';

const DIGEST = 'digest';
const STATE = 'state';

/**
 * The table `requests`: the digest of the body that came in under each id. The first request with an id
 * writes the row. After that only the state changes, from `open` to `done`.
 *
 * Rows expire 5 days after they were written. After that the id counts as new.
 */
export function tablestoreLedger(client: TablestoreClient): RequestLedger {
  const table = REQUESTS.name;

  return {
    async take(by, requestId, bodyDigest) {
      const key = keyIn(REQUESTS, by, requestId);
      const columns = new Map([
        [DIGEST, bodyDigest],
        [STATE, 'open'],
      ]);
      try {
        const condition = { row: 'absent' } as const;
        await client.writeRow(table, { kind: 'put', key, columns, condition });
        return 'open';
      } catch (error) {
        // Also reached when the first try wrote the row and its answer was lost: the row is then ours and open.
        if (!isConditionFailure(error)) throw error;
      }
      const found = (await client.getRow({ table, key }))?.columns;
      if (found === undefined) {
        throw new LatchkeyError(
          'unavailable',
          `Cannot take request "${requestId}": its row exists and cannot be read`,
        );
      }
      if (found.get(DIGEST) !== bodyDigest) return 'another';
      return found.get(STATE) === 'done' ? 'done' : 'open';
    },
    async finish(by, requestId) {
      const key = keyIn(REQUESTS, by, requestId);
      const columns = new Map([[STATE, 'done']]);
      try {
        const condition = { row: 'exists' } as const;
        await client.writeRow(table, { kind: 'update', key, columns, condition });
      } catch (error) {
        // The row has expired.
        if (!isConditionFailure(error)) throw error;
      }
    },
  };
}

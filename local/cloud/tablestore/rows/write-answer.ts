import type {
  Condition,
  ReturnContent,
  RowAnswer,
} from 'tablestore/lib/protocol/tablestore_compiled_proto.js';
import { applyWrite } from './apply-write.ts';
import { decodeExpectation, type Expectation } from './expectation.ts';
import { consumedByWrite } from '../consumed.ts';
import { invalid } from '../errors.ts';
import { encodeRows } from '../plain-buffer/plain-buffer-writer.ts';
import { keyOf } from './row-read.ts';
import type { RowWrite } from './row-write.ts';
import type { Table } from '../tables/table.ts';

/** What the answer contains of the row: nothing, its primary key, or its counters after the write. */
export type Returned =
  | { readonly kind: 'none' | 'primary-key' }
  | { readonly kind: 'after-modify'; readonly columns: readonly string[] };

export interface PreparedWrite {
  readonly table: Table;
  readonly write: RowWrite;
  readonly expected: Expectation;
  readonly returned: Returned;
}

export function prepare(
  table: Table,
  write: RowWrite,
  options: { readonly condition: Condition; readonly returnContent?: ReturnContent | null },
): PreparedWrite {
  return {
    table,
    write,
    expected: decodeExpectation(options.condition),
    returned: parseReturned(write, options.returnContent ?? {}),
  };
}

/** Carries out the write and returns the answer. @throws {OtsError} as `applyWrite` */
export function carryOut(
  { table, write, expected, returned }: PreparedWrite,
  nowMs: number,
): RowAnswer {
  const after = applyWrite(table, write, expected, nowMs);
  const looked = expected.existence !== 'ignore' || expected.columns !== undefined;
  const consumed = consumedByWrite(write.bytes, looked);
  switch (returned.kind) {
    case 'none':
      return { consumed };
    case 'primary-key':
      return { consumed, row: encodeRows([keyOf(table, write)]) };
    case 'after-modify': {
      const cells = returned.columns.flatMap((name) => {
        const cell = after?.cells.get(name);
        return cell === undefined ? [] : [{ name, ...cell }];
      });
      return { consumed, row: encodeRows([{ primaryKey: [], cells }]) };
    }
  }
}

function parseReturned(write: RowWrite, content: ReturnContent): Returned {
  switch (content.returnType ?? 0) {
    case 0:
      return { kind: 'none' };
    case 1:
      return { kind: 'primary-key' };
    case 2: {
      const counters = new Set(
        write.changes.filter(({ kind }) => kind === 'increment').map(({ name }) => name),
      );
      const columns = content.returnColumnNames ?? [];
      // Only counters can be returned, according to their page in the vendor's documents.
      if (columns.length > 0 && columns.every((name) => counters.has(name))) {
        return { kind: 'after-modify', columns };
      }
      throw invalid('Invalid return type: RT_AFTER_MODIFY.');
    }
    default:
      throw invalid(`Invalid return type: ${content.returnType}.`);
  }
}

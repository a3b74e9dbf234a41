import type {
  ColumnCondition,
  Comparator,
  Condition,
  PrimaryKey,
  RangeEnd,
  RowWrite,
} from './model.ts';
import { keyBytes, rowBytes } from './plain-buffer-writer.ts';
import { boolField, bytesField, messageField, textField, uintField } from './protobuf-writer.ts';
import { valueBytes } from './values.ts';

/**
 * The bodies of requests. The field numbers come from tablestore.proto in the public `tablestore` package.
 * Fields are written in the order of their numbers.
 */

/** Our tables keep one version of each column. */
const MAX_VERSIONS = 1;
const OPERATION = { put: 1, update: 2, delete: 3 } as const;
const DIRECTION = { forward: 0, backward: 1 } as const;

export interface RowRead {
  readonly table: string;
  readonly key: PrimaryKey;
  /** Default: all. */
  readonly columns?: readonly string[];
}

export function getRowRequest({ table, key, columns = [] }: RowRead): Buffer {
  return Buffer.concat([
    textField(1, table),
    bytesField(2, keyBytes(key)),
    ...columns.map((name) => textField(3, name)),
    uintField(5, MAX_VERSIONS),
  ]);
}

/** PutRow, UpdateRow and DeleteRow have the same form. */
export function writeRowRequest(table: string, write: RowWrite): Buffer {
  return Buffer.concat([
    textField(1, table),
    bytesField(2, rowBytes(write)),
    messageField(3, conditionFields(write.condition)),
  ]);
}

export interface RowsRead {
  readonly table: string;
  readonly keys: readonly PrimaryKey[];
  /** Default: all. */
  readonly columns?: readonly string[];
}

export function batchGetRowRequest({ table, keys, columns = [] }: RowsRead): Buffer {
  return messageField(1, [
    textField(1, table),
    ...keys.map((key) => bytesField(2, keyBytes(key))),
    ...columns.map((name) => textField(4, name)),
    uintField(6, MAX_VERSIONS),
  ]);
}

export function batchWriteRowRequest(table: string, writes: readonly RowWrite[]): Buffer {
  // All rows often share one condition object.
  const known = new Map<Condition, Buffer>();
  const conditionOf = ({ condition }: RowWrite): Buffer => {
    const field = known.get(condition) ?? messageField(3, conditionFields(condition));
    known.set(condition, field);
    return field;
  };
  return messageField(1, [
    textField(1, table),
    ...writes.map((write) =>
      messageField(2, [
        uintField(1, OPERATION[write.kind]),
        bytesField(2, rowBytes(write)),
        conditionOf(write),
      ]),
    ),
  ]);
}

export interface RangeRead {
  readonly table: string;
  readonly direction: 'forward' | 'backward';
  /** Inclusive. Greater than `end` when the direction is backward. */
  readonly start: RangeEnd;
  /** Exclusive. */
  readonly end: RangeEnd;
  /** Rows of one page. Default: Tablestore's maximum, 5,000 rows or 4 MB. */
  readonly limit?: number;
  /** Default: all. */
  readonly columns?: readonly string[];
}

export function getRangeRequest(range: RangeRead): Buffer {
  const { table, direction, start, end, limit, columns = [] } = range;
  return Buffer.concat([
    textField(1, table),
    uintField(2, DIRECTION[direction]),
    ...columns.map((name) => textField(3, name)),
    uintField(5, MAX_VERSIONS),
    ...(limit === undefined ? [] : [uintField(6, limit)]),
    bytesField(7, keyBytes(start)),
    bytesField(8, keyBytes(end)),
  ]);
}

/** The numbers come from tablestore.proto and tablestore_filter.proto in the public `tablestore` package. */
const ROW = { ignore: 0, exists: 1, absent: 2 } as const;
const FILTER = { single: 1, composite: 2 } as const;
const COMBINATOR = { and: 2, or: 3 } as const;
const COMPARATOR: Readonly<Record<Comparator, number>> = { '=': 1, '!=': 2, '<': 5 };

/** The fields of message `Condition`. */
function conditionFields({ row, column }: Condition): Buffer[] {
  const existence = uintField(1, ROW[row]);
  return column === undefined ? [existence] : [existence, messageField(2, filterFields(column))];
}

/** The fields of message `Filter`: its type, then the bytes of a message of that type. */
function filterFields(condition: ColumnCondition): Buffer[] {
  switch (condition.kind) {
    case 'compare': {
      const single = [
        uintField(1, COMPARATOR[condition.comparator]),
        textField(2, condition.column),
        bytesField(3, valueBytes(condition.value)),
        boolField(4, !condition.passIfMissing),
        // The latest version only. Our tables keep no others.
        boolField(5, true),
      ];
      return [uintField(1, FILTER.single), messageField(2, single)];
    }
    case 'and':
    case 'or': {
      const composite = [
        uintField(1, COMBINATOR[condition.kind]),
        ...condition.parts.map((part) => messageField(2, filterFields(part))),
      ];
      return [uintField(1, FILTER.composite), messageField(2, composite)];
    }
  }
}

import { createRequire } from 'node:module';
import {
  type ColumnCondition,
  type Columns,
  type ColumnValue,
  type Condition,
  INF_MAX,
  INF_MIN,
  type RangeEnd,
  type RowWrite,
} from '../../../../shared/outbound/tablestore/model.ts';

/**
 * The codec of the official `tablestore` package, to compare ours with. They share no code. The package has no
 * types, so the parts that are used here are typed here.
 */

interface Int64 {
  toNumber(): number;
}
type Named = Record<string, unknown>;
interface Package {
  readonly PlainBufferBuilder: {
    serializePrimaryKey(key: Named[]): Buffer;
    serializeForPutRow(key: Named[], columns: Named[]): Buffer;
    serializeForUpdateRow(key: Named[], changes: Named[]): Buffer;
    serializeForDeleteRow(key: Named[]): Buffer;
  };
  readonly PlainBufferInputStream: new (data: {
    readonly buffer: Buffer;
    readonly offset: number;
    readonly limit: number;
  }) => object;
  readonly PlainBufferCodedInputStream: new (input: object) => {
    readRow(): {
      primaryKey: { name: string; value: string | Int64 }[];
      attributes: { columnName: string; columnValue: string | Int64 | null }[];
    };
  };
  readonly plainBufferCrc8: { crcString(crc: number, bytes: Buffer): number };
  readonly Long: { fromNumber(value: number): Int64 };
  readonly INF_MIN: object;
  readonly INF_MAX: object;
  readonly Condition: new (existence: number, column: object | null) => object;
  readonly SingleColumnCondition: new (
    column: string,
    value: unknown,
    comparator: number,
    passIfMissing: boolean,
    latestVersionOnly: boolean,
  ) => object;
  readonly CompositeCondition: new (combinator: number) => { addSubCondition(part: object): void };
  readonly encoder: { encode(operation: string, params: object): object };
}
interface Protobuf {
  readonly main: {
    readonly proto: Record<string, { encode(message: object): { finish(): Uint8Array } }>;
  };
}

const load = createRequire(import.meta.url);
export const official = load('tablestore') as Package;
const compiled = load('tablestore/lib/protocol/tablestore_compiled_proto.js') as Protobuf;

function int64Of(value: number): Int64 {
  return official.Long.fromNumber(value);
}

const valueOf = (value: ColumnValue) => (typeof value === 'number' ? int64Of(value) : value);

export function keyOf(key: RangeEnd): Named[] {
  return key.map(([name, value]) => {
    if (value === INF_MIN) return { [name]: official.INF_MIN };
    if (value === INF_MAX) return { [name]: official.INF_MAX };
    return { [name]: valueOf(value as ColumnValue) };
  });
}

export function columnsOf(columns: Columns): Named[] {
  return [...columns].map(([name, value]) => ({ [name]: valueOf(value) }));
}

/** A write in PlainBuffer, as the package encodes it. */
export function officialRow(write: RowWrite): Buffer {
  const key = keyOf(write.key);
  switch (write.kind) {
    case 'put':
      return official.PlainBufferBuilder.serializeForPutRow(key, columnsOf(write.columns));
    case 'update': {
      const changes = write.columns.size === 0 ? [] : [{ PUT: columnsOf(write.columns) }];
      return official.PlainBufferBuilder.serializeForUpdateRow(key, changes);
    }
    case 'delete':
      return official.PlainBufferBuilder.serializeForDeleteRow(key);
  }
}

/** One row as the package reads it, integers as numbers. */
export function officialRead(bytes: Buffer): {
  key: [string, unknown][];
  columns: [string, unknown][];
} {
  const input = new official.PlainBufferInputStream({
    buffer: bytes,
    offset: 0,
    limit: bytes.length,
  });
  const { primaryKey, attributes } = new official.PlainBufferCodedInputStream(input).readRow();
  const plain = (value: string | Int64 | null) =>
    typeof value === 'object' && value !== null ? value.toNumber() : value;
  return {
    key: primaryKey.map(({ name, value }) => [name, plain(value)]),
    columns: attributes.map(({ columnName, columnValue }) => [columnName, plain(columnValue)]),
  };
}

const COMPARATORS = ['=', '!=', '>', '>=', '<', '<='];

export function officialCondition({ row, column }: Condition): object {
  const existence = ['ignore', 'exists', 'absent'].indexOf(row);
  return new official.Condition(existence, column === undefined ? null : columnCondition(column));
}

function columnCondition(condition: ColumnCondition): object {
  switch (condition.kind) {
    case 'compare':
      return new official.SingleColumnCondition(
        condition.column,
        valueOf(condition.value),
        COMPARATORS.indexOf(condition.comparator) + 1,
        condition.passIfMissing,
        true,
      );
    case 'and':
    case 'or': {
      const composite = new official.CompositeCondition(
        ['', 'not', 'and', 'or'].indexOf(condition.kind),
      );
      for (const part of condition.parts) composite.addSubCondition(columnCondition(part));
      return composite;
    }
  }
}

/** The body that the package sends for an operation. */
export function officialRequest(operation: string, params: object): Buffer {
  const message = official.encoder.encode(operation[0]!.toLowerCase() + operation.slice(1), params);
  return Buffer.from(compiled.main.proto[`${operation}Request`]!.encode(message).finish());
}

/** The body of an answer, as protobufjs writes it. */
export function officialMessage(name: string, message: object): Buffer {
  return Buffer.from(compiled.main.proto[name]!.encode(message).finish());
}

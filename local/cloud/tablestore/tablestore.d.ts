/**
 * The official `tablestore` package (5.6.5) comes without types. This is the part of it that the
 * emulator uses as its codec, and the client, for tests. There can be only one such declaration.
 */
declare module 'tablestore' {
  /** A 64-bit integer in the package's own form. */
  interface Int64 {
    toNumber(): number;
    toString(): string;
    toBuffer(): Buffer;
  }
  type SdkValue = string | number | boolean | Buffer | Int64;

  interface PlainBufferOutput {
    getBuffer(): Buffer;
    /** Bytes written so far. */
    count(): number;
  }
  interface PlainBufferWriter {
    writeHeader(): void;
    writeTag(tag: number): void;
    /** Both give back the row's checksum with this cell included. */
    writePrimaryKeyColumn(name: string, value: SdkValue, rowChecksum: number): number;
    writeColumn(name: string, value: SdkValue, timestampMs: number, rowChecksum: number): number;
    writeRowChecksum(checksum: number): void;
  }
  interface PlainBufferConstants {
    readonly HEADER: number;
    readonly TAG_ROW_PK: number;
    readonly TAG_ROW_DATA: number;
    readonly TAG_CELL: number;
    readonly TAG_CELL_NAME: number;
    readonly TAG_CELL_VALUE: number;
    readonly TAG_CELL_TYPE: number;
    readonly TAG_CELL_TIMESTAMP: number;
    readonly TAG_DELETE_ROW_MARKER: number;
    readonly TAG_ROW_CHECKSUM: number;
    readonly TAG_CELL_CHECKSUM: number;
    readonly DELETE_ALL_VERSION: number;
    readonly DELETE_ONE_VERSION: number;
    readonly INCREMENT: number;
    readonly VT_INTEGER: number;
    readonly VT_DOUBLE: number;
    readonly VT_BOOLEAN: number;
    readonly VT_STRING: number;
    readonly VT_BLOB: number;
    readonly VT_INF_MIN: number;
    readonly VT_INF_MAX: number;
    readonly VT_AUTO_INCREMENT: number;
  }

  /** A primary key or columns, one object a column, as the client takes them. */
  type ClientColumn = Readonly<Record<string, unknown>>;
  interface ClientConfig {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly stsToken?: string;
    readonly endpoint: string;
    readonly instancename: string;
    readonly maxRetries?: number;
  }
  interface ClientRow {
    readonly primaryKey?: readonly { readonly name: string; readonly value: SdkValue }[] | null;
    readonly attributes?:
      | readonly {
          readonly columnName: string;
          readonly columnValue: SdkValue;
          readonly timestamp: Int64;
        }[]
      | null;
  }
  interface BatchRow extends ClientRow {
    readonly isOk: boolean;
    readonly errorCode: string | null;
    readonly errorMessage: string | null;
  }
  type Params = Readonly<Record<string, unknown>>;
  /** Every method rejects with an error whose `code` is the HTTP status, never the vendor's code. */
  interface Client {
    createTable(params: Params): Promise<unknown>;
    listTable(params: Params): Promise<{ readonly tableNames: readonly string[] }>;
    describeTable(params: Params): Promise<{
      readonly tableMeta: {
        readonly primaryKey: readonly { readonly name: string; readonly type: number }[];
      };
      readonly tableOptions: { readonly timeToLive: number; readonly maxVersions: number };
      readonly tableStatus: number;
    }>;
    updateTable(params: Params): Promise<unknown>;
    deleteTable(params: Params): Promise<unknown>;
    putRow(params: Params): Promise<{ readonly row: ClientRow }>;
    getRow(params: Params): Promise<{ readonly row: ClientRow; readonly RequestId: string }>;
    updateRow(params: Params): Promise<{ readonly row: ClientRow }>;
    deleteRow(params: Params): Promise<unknown>;
    batchGetRow(params: Params): Promise<{ readonly tables: readonly (readonly BatchRow[])[] }>;
    batchWriteRow(params: Params): Promise<{ readonly tables: readonly BatchRow[] }>;
    getRange(params: Params): Promise<{
      readonly rows: readonly ClientRow[];
      readonly nextStartPrimaryKey:
        | readonly { readonly name: string; readonly value: SdkValue }[]
        | null;
    }>;
    listSearchIndex(params: Params): Promise<unknown>;
  }
  interface ColumnCondition {
    addSubCondition(condition: ColumnCondition): void;
  }

  const TableStore: {
    readonly Client: new (config: ClientConfig) => Client;
    readonly Condition: new (existence: number, column: ColumnCondition | null) => object;
    readonly RowExistenceExpectation: {
      readonly IGNORE: number;
      readonly EXPECT_EXIST: number;
      readonly EXPECT_NOT_EXIST: number;
    };
    readonly SingleColumnCondition: new (
      column: string,
      value: SdkValue,
      comparator: number,
      passIfMissing?: boolean,
      latestVersionOnly?: boolean,
    ) => ColumnCondition;
    readonly CompositeCondition: new (combinator: number) => ColumnCondition;
    readonly ComparatorType: Readonly<
      Record<
        'EQUAL' | 'NOT_EQUAL' | 'GREATER_THAN' | 'GREATER_EQUAL' | 'LESS_THAN' | 'LESS_EQUAL',
        number
      >
    >;
    readonly LogicalOperator: Readonly<Record<'NOT' | 'AND' | 'OR', number>>;
    readonly Direction: { readonly FORWARD: string; readonly BACKWARD: string };
    readonly ReturnType: { readonly NONE: 0; readonly Primarykey: 1; readonly AfterModify: 2 };
    readonly INF_MIN: object;
    readonly INF_MAX: object;
    readonly plainBufferConsts: PlainBufferConstants;
    readonly plainBufferCrc8: {
      crcString(crc: number, bytes: Uint8Array): number;
      crcInt8(crc: number, byte: number): number;
    };
    readonly PlainBufferOutputStream: new (capacityBytes: number) => PlainBufferOutput;
    readonly PlainBufferCodedOutputStream: new (output: PlainBufferOutput) => PlainBufferWriter;
    readonly PlainBufferBuilder: {
      serializeForPutRow(key: readonly ClientColumn[], columns: readonly ClientColumn[]): Buffer;
      serializeForUpdateRow(key: readonly ClientColumn[], changes: readonly ClientColumn[]): Buffer;
      serializeForDeleteRow(key: readonly ClientColumn[]): Buffer;
      serializePrimaryKey(key: readonly ClientColumn[]): Buffer;
      computePrimaryKeyColumnSize(name: string, value: SdkValue): number;
      computeColumnSize(name: string, value: SdkValue, timestampMs: number): number;
    };
    /** Takes eight little-endian bytes as well as a number. */
    readonly Long: { fromNumber(value: number | Buffer): Int64 };
  };
  export default TableStore;
  export type { BatchRow, Client, ClientConfig, ClientRow, ColumnCondition, SdkValue };
}

declare module 'tablestore/lib/protocol/tablestore_compiled_proto.js' {
  /** An int64 field: what is decoded is an object, what is encoded may be a number. */
  type Int64Field = number | { toNumber(): number };

  /** `decode` throws on malformed bytes and on a missing required field. */
  interface Message<T> {
    decode(bytes: Uint8Array): T;
    encode(value: T): { finish(): Uint8Array };
  }

  interface TableOptions {
    timeToLive?: number;
    maxVersions?: number;
    deviationCellVersionInSec?: Int64Field;
    allowUpdate?: boolean;
  }
  interface TableMeta {
    tableName: string;
    primaryKey: { name: string; type: number; option?: number }[];
    definedColumn?: unknown[];
    indexMeta?: unknown[];
  }
  interface CapacityUnit {
    read?: number;
    write?: number;
  }
  interface Throughput {
    capacityUnit: CapacityUnit;
  }
  interface ThroughputDetails extends Throughput {
    lastIncreaseTime: Int64Field;
  }
  interface StreamSpecification {
    enableStream: boolean;
  }
  interface Condition {
    rowExistence: number;
    columnCondition?: Uint8Array;
  }
  interface ReturnContent {
    returnType?: number;
    returnColumnNames?: string[];
  }
  interface Consumed {
    capacityUnit: CapacityUnit;
  }
  interface OtsErrorMessage {
    code: string;
    message?: string;
  }
  /** What every read may ask for. */
  interface ReadOptions {
    columnsToGet?: string[];
    timeRange?: object | null;
    maxVersions?: number;
    filter?: Uint8Array;
    startColumn?: string;
    endColumn?: string;
    transactionId?: string;
  }
  interface WriteOptions {
    condition: Condition;
    returnContent?: ReturnContent | null;
    transactionId?: string;
  }
  interface RowAnswer {
    consumed: Consumed;
    row?: Uint8Array;
  }
  interface BatchRowAnswer {
    isOk: boolean;
    error?: OtsErrorMessage;
    consumed?: Consumed;
    row?: Uint8Array;
  }
  interface BatchTableAnswer {
    tableName: string;
    rows: BatchRowAnswer[];
  }

  const root: {
    readonly main: {
      readonly proto: {
        readonly Error: Message<OtsErrorMessage>;
        readonly CreateTableRequest: Message<{
          tableMeta: TableMeta;
          reservedThroughput: Throughput;
          tableOptions?: TableOptions | null;
          partitions?: unknown[];
          streamSpec?: StreamSpecification | null;
          indexMetas?: unknown[];
        }>;
        readonly CreateTableResponse: Message<object>;
        readonly ListTableRequest: Message<object>;
        readonly ListTableResponse: Message<{ tableNames: string[] }>;
        readonly DescribeTableRequest: Message<{ tableName: string }>;
        readonly DescribeTableResponse: Message<{
          tableMeta: TableMeta;
          reservedThroughputDetails: ThroughputDetails;
          tableOptions: TableOptions;
          tableStatus: number;
        }>;
        readonly UpdateTableRequest: Message<{
          tableName: string;
          reservedThroughput?: Throughput | null;
          tableOptions?: TableOptions | null;
          streamSpec?: StreamSpecification | null;
        }>;
        readonly UpdateTableResponse: Message<{
          reservedThroughputDetails: ThroughputDetails;
          tableOptions: TableOptions;
        }>;
        readonly DeleteTableRequest: Message<{ tableName: string }>;
        readonly DeleteTableResponse: Message<object>;
        readonly PutRowRequest: Message<WriteOptions & { tableName: string; row: Uint8Array }>;
        readonly PutRowResponse: Message<RowAnswer>;
        readonly UpdateRowRequest: Message<
          WriteOptions & { tableName: string; rowChange: Uint8Array }
        >;
        readonly UpdateRowResponse: Message<RowAnswer>;
        readonly DeleteRowRequest: Message<
          WriteOptions & { tableName: string; primaryKey: Uint8Array }
        >;
        readonly DeleteRowResponse: Message<RowAnswer>;
        readonly GetRowRequest: Message<
          ReadOptions & { tableName: string; primaryKey: Uint8Array; token?: Uint8Array }
        >;
        readonly GetRowResponse: Message<{ consumed: Consumed; row: Uint8Array }>;
        readonly BatchGetRowRequest: Message<{
          tables: (ReadOptions & {
            tableName: string;
            primaryKey: Uint8Array[];
            token?: Uint8Array[];
          })[];
        }>;
        readonly BatchGetRowResponse: Message<{ tables: BatchTableAnswer[] }>;
        readonly BatchWriteRowRequest: Message<{
          tables: {
            tableName: string;
            rows: (Omit<WriteOptions, 'transactionId'> & { type: number; rowChange: Uint8Array })[];
          }[];
          transactionId?: string;
        }>;
        readonly BatchWriteRowResponse: Message<{ tables: BatchTableAnswer[] }>;
        readonly GetRangeRequest: Message<
          ReadOptions & {
            tableName: string;
            direction: number;
            limit?: number;
            inclusiveStartPrimaryKey: Uint8Array;
            exclusiveEndPrimaryKey: Uint8Array;
            token?: Uint8Array;
            dataBlockTypeHint?: number;
            compressTypeHint?: number;
          }
        >;
        readonly GetRangeResponse: Message<{
          consumed: Consumed;
          rows: Uint8Array;
          nextStartPrimaryKey?: Uint8Array;
        }>;
      };
    };
    readonly filter: {
      readonly proto: {
        readonly Filter: Message<{ type: number; filter: Uint8Array }>;
        readonly SingleColumnValueFilter: Message<{
          comparator: number;
          columnName: string;
          columnValue: Uint8Array;
          filterIfMissing: boolean;
          latestVersionOnly: boolean;
        }>;
        readonly CompositeColumnValueFilter: Message<{
          combinator: number;
          subFilters: { type: number; filter: Uint8Array }[];
        }>;
      };
    };
  };
  export default root;
  export type {
    Condition,
    Consumed,
    Message,
    BatchRowAnswer,
    ReadOptions,
    ReturnContent,
    RowAnswer,
    TableOptions,
    WriteOptions,
  };
}

import { LatchkeyError } from '../../domain/model/errors.ts';
import { intField, messageField, textField, uintField } from './protobuf-writer.ts';
import { Message, Unreadable } from './protobuf-reader.ts';
import { type RpcOptions, tablestoreRpc } from './rpc.ts';

export type KeyType = 'INTEGER' | 'STRING' | 'BINARY';

/** A table that keeps one version of each column, without reserved throughput. */
export interface Table {
  readonly name: string;
  readonly primaryKey: readonly { readonly name: string; readonly type: KeyType }[];
  /** -1: rows never expire. Tablestore's minimum is 86,400, one day. */
  readonly timeToLiveSeconds: number;
}

/** The numbers of PrimaryKeyType in tablestore.proto. */
const KEY_TYPES: Readonly<Record<KeyType, number>> = { INTEGER: 1, STRING: 2, BINARY: 3 };
const MAX_VERSIONS = 1;
/** A negative number of 32 bits is encoded as a 64-bit number from here on. */
const NEGATIVE = 2 ** 63;

/**
 * Creates and changes the tables of one Tablestore instance, for deployments only. Every method makes one call,
 * is safe to repeat, and rejects with `LatchkeyError`.
 *
 * A new table may answer `OTSTableNotReady` for up to a minute.
 */
export interface TableAdmin {
  names(): Promise<readonly string[]>;
  /** undefined when the table does not exist. */
  describe(name: string): Promise<Table | undefined>;
  /** @throws {LatchkeyError} `conflict` when the table exists */
  create(table: Table): Promise<void>;
  changeTimeToLive(name: string, timeToLiveSeconds: number): Promise<void>;
  /** Removes the table with all its rows. */
  remove(name: string): Promise<void>;
}

/** @throws {TypeError} for an endpoint that cannot be used */
export function tableAdmin(options: RpcOptions): TableAdmin {
  const call = tablestoreRpc(options);
  return {
    names: () => call('ListTable', Buffer.alloc(0), readNames),
    async describe(name) {
      try {
        return await call('DescribeTable', textField(1, name), readTable);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async create(table) {
      await call('CreateTable', createRequest(table), () => {});
    },
    async changeTimeToLive(name, timeToLiveSeconds) {
      const timeToLive = messageField(3, [intField(1, timeToLiveSeconds)]);
      await call('UpdateTable', Buffer.concat([textField(1, name), timeToLive]), () => {});
    },
    async remove(name) {
      try {
        await call('DeleteTable', textField(1, name), () => {});
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof LatchkeyError && error.details.vendorCode === 'OTSObjectNotExist';
}

function createRequest({ name, primaryKey, timeToLiveSeconds }: Table): Buffer {
  return Buffer.concat([
    messageField(1, [
      textField(1, name),
      ...primaryKey.map((column) =>
        messageField(2, [textField(1, column.name), uintField(2, KEY_TYPES[column.type])]),
      ),
    ]),
    // Pay as you go: https://help.aliyun.com/document_detail/27284.htm
    messageField(2, [messageField(1, [uintField(1, 0), uintField(2, 0)])]),
    messageField(3, [intField(1, timeToLiveSeconds), uintField(2, MAX_VERSIONS)]),
  ]);
}

function readNames(body: Buffer): string[] {
  return new Message(body).all(1).map((name) => name.toString('utf8'));
}

function readTable(body: Buffer): Table {
  const answer = new Message(body);
  const meta = new Message(answer.required(1));
  const timeToLive = new Message(answer.required(3)).requiredNumber(1);
  return {
    name: meta.required(1).toString('utf8'),
    primaryKey: meta.all(2).map((bytes) => {
      const column = new Message(bytes);
      const number = column.requiredNumber(2);
      const type = Object.entries(KEY_TYPES).find(([, known]) => known === number)?.[0];
      if (type === undefined) throw new Unreadable(`a key column of type ${number}`);
      return { name: column.required(1).toString('utf8'), type: type as KeyType };
    }),
    timeToLiveSeconds: timeToLive >= NEGATIVE ? -1 : timeToLive,
  };
}

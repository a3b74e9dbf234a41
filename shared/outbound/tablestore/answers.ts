import type { PrimaryKey, Row } from './model.ts';
import { readRows } from './plain-buffer-reader.ts';
import { Message, Unreadable } from './protobuf-reader.ts';

/**
 * The bodies of answers. Every function throws `Unreadable` for a body without the fields that
 * tablestore.proto requires.
 */

export interface OtsError {
  readonly code: string;
  readonly message: string;
}

export function readError(body: Buffer): OtsError {
  const error = new Message(body);
  return {
    code: error.required(1).toString('utf8'),
    message: (error.optional(2) ?? Buffer.alloc(0)).toString('utf8'),
  };
}

export function readGetRow(body: Buffer): Row | undefined {
  const answer = new Message(body);
  answer.required(1);
  return oneRow(answer.required(2));
}

/** PutRow, UpdateRow and DeleteRow. The consumed capacity is the only required field. */
export function readWriteRow(body: Buffer): void {
  new Message(body).required(1);
}

export type RowAnswer =
  | { readonly kind: 'ok'; readonly row: Row | undefined }
  | { readonly kind: 'error'; readonly error: OtsError };

/** BatchGetRow and BatchWriteRow on one table: an answer for each row, in the order of the request. */
export function readBatch(body: Buffer, table: string, count: number): RowAnswer[] {
  const tables = new Message(body).all(1).map((bytes) => new Message(bytes));
  const rows = tables.flatMap((answered) => {
    const name = answered.required(1).toString('utf8');
    if (name !== table) throw new Unreadable(`an answer about table "${name}"`);
    return answered.all(2);
  });
  if (rows.length !== count) throw new Unreadable(`${rows.length} rows instead of ${count}`);
  return rows.map((bytes) => {
    const answer = new Message(bytes);
    return answer.requiredBool(1)
      ? { kind: 'ok', row: oneRow(answer.optional(4) ?? Buffer.alloc(0)) }
      : { kind: 'error', error: readError(answer.required(2)) };
  });
}

export interface RangePage {
  readonly rows: readonly Row[];
  /** The start of the next page; undefined when there is none. */
  readonly next: PrimaryKey | undefined;
}

export function readGetRange(body: Buffer): RangePage {
  const answer = new Message(body);
  answer.required(1);
  const rows = readRows(answer.required(2));
  return { rows, next: oneRow(answer.optional(3) ?? Buffer.alloc(0))?.key };
}

function oneRow(bytes: Buffer): Row | undefined {
  const rows = readRows(bytes);
  if (rows.length > 1) throw new Unreadable(`${rows.length} rows instead of one`);
  return rows[0];
}

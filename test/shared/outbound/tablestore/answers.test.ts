import { test } from 'vitest';
import {
  readBatch,
  readError,
  readGetRange,
  readGetRow,
  readWriteRow,
} from '../../../../shared/outbound/tablestore/answers.ts';
import { rowBytes } from '../../../../shared/outbound/tablestore/plain-buffer-writer.ts';
import { Unreadable } from '../../../../shared/outbound/tablestore/protobuf-reader.ts';
import { officialMessage } from './oracle.ts';

const consumed = { capacityUnit: { read: 1, write: 0 } };
const rowOf = (id: string) =>
  rowBytes({
    kind: 'put',
    key: [['id', id]],
    columns: new Map([['n', 1]]),
    condition: { row: 'ignore' },
  });
const read = (id: string) => ({ key: [['id', id]], columns: new Map([['n', 1]]) });

test('GetRow: a row, and no row', async ({ expect }) => {
  const answer = (row: Buffer) => officialMessage('GetRowResponse', { consumed, row });
  expect(readGetRow(answer(rowOf('a')))).toEqual(read('a'));
  expect(readGetRow(answer(Buffer.alloc(0)))).toBeUndefined();
});

test('a batch: rows, missing rows and errors, each in its place', async ({ expect }) => {
  const rows = [
    { isOk: true, consumed, row: rowOf('a') },
    { isOk: true, consumed, row: Buffer.alloc(0) },
    { isOk: false, error: { code: 'OTSServerBusy', message: 'Server is busy.' } },
  ];
  const body = officialMessage('BatchGetRowResponse', { tables: [{ tableName: 't', rows }] });
  expect(readBatch(body, 't', 3)).toEqual([
    { kind: 'ok', row: read('a') },
    { kind: 'ok', row: undefined },
    { kind: 'error', error: { code: 'OTSServerBusy', message: 'Server is busy.' } },
  ]);
  expect(() => readBatch(body, 't', 4)).toThrow(Unreadable);
  expect(() => readBatch(body, 'other', 3)).toThrow(Unreadable);
});

test('GetRange: rows, and the start of the next page', async ({ expect }) => {
  const rows = Buffer.concat([rowOf('a'), rowOf('b').subarray(4)]);
  const more = { consumed, rows, nextStartPrimaryKey: rowOf('c') };
  expect(readGetRange(officialMessage('GetRangeResponse', more))).toEqual({
    rows: [read('a'), read('b')],
    next: [['id', 'c']],
  });
  const none = { consumed, rows: Buffer.alloc(0) };
  expect(readGetRange(officialMessage('GetRangeResponse', none))).toEqual({
    rows: [],
    next: undefined,
  });
});

test('an error with and without a message', async ({ expect }) => {
  expect(readError(officialMessage('Error', { code: 'OTSTimeout', message: 'late' }))).toEqual({
    code: 'OTSTimeout',
    message: 'late',
  });
  expect(readError(officialMessage('Error', { code: 'OTSTimeout' })).message).toBe('');
});

test.for([
  ['nothing', Buffer.alloc(0)],
  ['an empty object', Buffer.from('{}')],
  ['half of an object', Buffer.from('{"RequestId":"cut')],
  ['a page of a proxy', Buffer.from('<html><body><h1>502 Bad Gateway</h1></body></html>')],
  ['a length that goes past the end', Buffer.from([0x0a, 0x7f, 0x01])],
  ['a number that does not end', Buffer.alloc(12, 0xff)],
  ['field 0', Buffer.from([0x02, 0x00])],
] as const)('%s is no answer to anything', ([, body], { expect }) => {
  for (const reader of [readGetRow, readWriteRow, readGetRange, readError]) {
    expect(() => reader(body)).toThrow(Unreadable);
  }
  expect(() => readBatch(body, 't', 1)).toThrow(Unreadable);
});

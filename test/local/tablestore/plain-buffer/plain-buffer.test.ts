import TableStore from 'tablestore';
import { afterAll, beforeAll, test } from 'vitest';
import { decodeRow } from '../../../../local/cloud/tablestore/plain-buffer/plain-buffer-reader.ts';
import { encodeRows } from '../../../../local/cloud/tablestore/plain-buffer/plain-buffer-writer.ts';
import { messages } from '../../../../local/cloud/tablestore/proto.ts';
import { simpleTable, startCloud, type TestCloud } from '../cloud.ts';

const builder = TableStore.PlainBufferBuilder;
const { Long } = TableStore;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
  cloud.store.createTable(simpleTable);
});
afterAll(() => cloud.close());

/** Written by hand: header, key `id` = "a", column `n` = 1, with its checksums (CRC-8, 0x07). */
const ROW =
  '75000000' +
  '01' +
  '03' +
  '04' +
  '02000000' +
  '6964' +
  '05' +
  '06000000' +
  '03' +
  '01000000' +
  '61' +
  '0a' +
  'K1' +
  '02' +
  '03' +
  '04' +
  '01000000' +
  '6e' +
  '05' +
  '09000000' +
  '00' +
  '0100000000000000' +
  '0a' +
  'C1' +
  '09' +
  'R1';

/** CRC-8 with the polynomial 0x07, bit by bit: not the package's table. */
function crc8(hex: string, start = 0): number {
  let crc = start;
  for (const byte of Buffer.from(hex, 'hex')) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x80 ? 0x07 : 0)) & 0xff;
  }
  return crc;
}
const byteHex = (value: number) => value.toString(16).padStart(2, '0');
const key = byteHex(crc8('6964' + '03' + '01000000' + '61'));
const column = byteHex(crc8('6e' + '00' + '0100000000000000'));
const rowSum = byteHex(crc8(key + column + '00'));
const whole = Buffer.from(
  ROW.replace('K1', key).replace('C1', column).replace('R1', rowSum),
  'hex',
);

test('a row written by hand is read, and the package writes the same bytes', ({ expect }) => {
  expect(decodeRow(whole)).toEqual({
    primaryKey: [{ name: 'id', value: { kind: 'string', value: 'a' } }],
    cells: [{ name: 'n', value: { kind: 'integer', value: 1n } }],
    deleteMarker: false,
  });
  const theirs = builder.serializeForPutRow([{ id: 'a' }], [{ n: Long.fromNumber(1) }]);
  expect(theirs.toString('hex')).toBe(whole.toString('hex'));
});

test('every single changed byte and every cut is refused', ({ expect }) => {
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole);
    changed[at]! ^= 0x41;
    expect(() => decodeRow(changed), `byte ${at}`).toThrow('OTSParameterInvalid');
    expect(() => decodeRow(whole.subarray(0, at)), `cut at ${at}`).toThrow('OTSParameterInvalid');
  }
  expect(() => decodeRow(Buffer.concat([whole, Buffer.from([9])]))).toThrow('has more data');
});

test('a wrong sum of a cell and a wrong sum of the row are told', ({ expect }) => {
  const wrongRow = Buffer.from(whole);
  wrongRow[whole.length - 1]! ^= 1;
  expect(() => decodeRow(wrongRow)).toThrow('Cell data broken, checksum is mismatch');
  const wrongCell = Buffer.from(whole);
  wrongCell[whole.length - 3]! ^= 1;
  expect(() => decodeRow(wrongCell)).toThrow('Cell data broken, checksum is mismatch');
});

test('update and delete rows are read with types, timestamps and marker', ({ expect }) => {
  const update = builder.serializeForUpdateRow(
    [{ id: 'a' }],
    [
      { PUT: [{ a: 'x', timestamp: 1000 }] },
      { DELETE: [{ b: 2000 }] },
      { DELETE_ALL: ['c'] },
      { INCREMENT: [{ d: Long.fromNumber(-1) }] },
    ],
  );
  const C = TableStore.plainBufferConsts;
  expect(decodeRow(update).cells).toEqual([
    { name: 'a', value: { kind: 'string', value: 'x' }, timestampMs: 1000n },
    { name: 'b', op: C.DELETE_ONE_VERSION, timestampMs: 2000n },
    { name: 'c', op: C.DELETE_ALL_VERSION },
    { name: 'd', value: { kind: 'integer', value: -1n }, op: C.INCREMENT },
  ]);
  expect(decodeRow(builder.serializeForDeleteRow([{ id: 'a' }])).deleteMarker).toBe(true);
});

test('what the emulator writes, it reads', ({ expect }) => {
  const cells = [
    { name: 'b', value: { kind: 'boolean', value: true }, timestampMs: 5 },
    { name: 'd', value: { kind: 'double', value: 0.1 }, timestampMs: 6 },
    { name: 'i', value: { kind: 'integer', value: -(2n ** 63n) }, timestampMs: 7 },
    { name: 's', value: { kind: 'string', value: 'é🔑' }, timestampMs: 8 },
    { name: 'x', value: { kind: 'binary', value: Buffer.from([0]) }, timestampMs: 9 },
  ] as const;
  const bytes = encodeRows([
    { primaryKey: [{ name: 'id', value: { kind: 'string', value: 'a' } }], cells },
  ]);
  expect(decodeRow(bytes).cells).toEqual(
    cells.map((cell) => ({ ...cell, timestampMs: BigInt(cell.timestampMs) })),
  );
});

test('NaN, infinity, bytes that are no UTF-8 and lengths below zero are refused', ({ expect }) => {
  const put = (value: number) => builder.serializeForPutRow([{ id: 'a' }], [{ d: value }]);
  expect(() => decodeRow(put(Number.NaN))).toThrow("NaN can't be set");
  expect(() => decodeRow(put(-Infinity))).toThrow("Infinity can't be set");
  const negative = Buffer.from(whole);
  negative.writeInt32LE(-10, 7);
  expect(() => decodeRow(negative)).toThrow('data format is invalid');
  const latin1 = Buffer.from(whole);
  latin1[whole.indexOf('61', 'hex')] = 0xe9;
  expect(() => decodeRow(latin1)).toThrow('UTF8');
});

test('a corrupt row is refused over the wire, and nothing is stored', async ({ expect }) => {
  const put = (row: Uint8Array) =>
    cloud.post(
      '/PutRow',
      messages.PutRowRequest.encode({
        tableName: 't',
        row,
        condition: { rowExistence: 0 },
      }).finish(),
    );
  const corrupt = Buffer.from(whole);
  corrupt[corrupt.length - 1]! ^= 1;
  const refused = await put(corrupt);
  expect(refused.status).toBe(400);
  expect(refused.error()).toContain('OTSParameterInvalid: Cell data broken, checksum is mismatch');
  expect(cloud.store.state()).toMatchObject([{ rows: [] }]);
  expect((await put(whole)).status).toBe(200);
  expect(cloud.store.state()).toMatchObject([{ rows: [{ columns: { n: 1 } }] }]);
});

test('a row of the wrong shape for its action is refused', async ({ expect }) => {
  const base = { tableName: 't', condition: { rowExistence: 0 } };
  const key = [{ id: 'a' }];
  const refused = async (path: string, bytes: Uint8Array) =>
    (await cloud.post(path, bytes)).error();
  const put = (row: Uint8Array) => messages.PutRowRequest.encode({ ...base, row }).finish();
  const update = (rowChange: Uint8Array) =>
    messages.UpdateRowRequest.encode({ ...base, rowChange }).finish();
  const remove = (primaryKey: Uint8Array) =>
    messages.DeleteRowRequest.encode({ ...base, primaryKey }).finish();
  const get = (primaryKey: Uint8Array, maxVersions?: number) =>
    messages.GetRowRequest.encode({
      tableName: 't',
      primaryKey,
      ...(maxVersions !== undefined && { maxVersions }),
    }).finish();

  expect(await refused('/PutRow', put(builder.serializeForDeleteRow(key)))).toContain(
    'unexpected RowDeleteMarker',
  );
  const deleteAll = builder.serializeForUpdateRow(key, [{ DELETE_ALL: ['c'] }]);
  expect(await refused('/PutRow', put(deleteAll))).toContain('OpType cannot be given');
  expect(await refused('/UpdateRow', update(builder.serializePrimaryKey(key)))).toContain(
    'missing cells in request',
  );
  expect(await refused('/DeleteRow', remove(builder.serializePrimaryKey(key)))).toContain(
    'missing RowDeleteMarker',
  );
  expect(await refused('/GetRow', get(whole, 1))).toContain('Attribute column cannot be given');
  expect(await refused('/GetRow', get(builder.serializePrimaryKey(key)))).toContain(
    'No version condition is specified',
  );
});

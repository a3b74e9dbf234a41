import fc from 'fast-check';
import { test } from 'vitest';
import { crc8 } from '../../../../shared/outbound/tablestore/crc8.ts';
import { INF_MAX, INF_MIN } from '../../../../shared/outbound/tablestore/model.ts';
import { readRows } from '../../../../shared/outbound/tablestore/plain-buffer-reader.ts';
import { keyBytes, rowBytes } from '../../../../shared/outbound/tablestore/plain-buffer-writer.ts';
import { Unreadable } from '../../../../shared/outbound/tablestore/protobuf-reader.ts';
import { columns, primaryKey, rowWrite } from './arbitraries.ts';
import { columnsOf, keyOf, official, officialRead, officialRow } from './oracle.ts';

const CONDITION = { row: 'ignore' } as const;

test('crc8 of "123456789" is the published check value', async ({ expect }) => {
  // https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-8-smbus
  expect(crc8(0, Buffer.from('123456789'))).toBe(0xf4);
});

test('crc8 is that of the official package for any bytes', async ({ expect }) => {
  fc.assert(
    fc.property(fc.nat(255), fc.uint8Array(), (crc, bytes) => {
      const buffer = Buffer.from(bytes);
      expect(crc8(crc, buffer)).toBe(official.plainBufferCrc8.crcString(crc, buffer));
    }),
  );
});

test('every write is, byte for byte, what the official package writes', async ({ expect }) => {
  fc.assert(
    fc.property(rowWrite, (write) => {
      expect(rowBytes(write).equals(officialRow(write))).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('the ends of a range are what the official package writes', async ({ expect }) => {
  const key = [
    ['day', 'open'],
    ['time', INF_MIN],
    ['rolloutId', INF_MAX],
  ] as const;
  const theirs = official.PlainBufferBuilder.serializePrimaryKey(keyOf(key));
  const ours = keyBytes(key);
  expect(ours.equals(theirs.subarray(0, ours.length))).toBe(true);
  // The package reserves one byte too many for each end, and sends them as zeros.
  expect([...theirs.subarray(ours.length)]).toEqual([0, 0]);
});

test('the official package reads what we write', async ({ expect }) => {
  fc.assert(
    fc.property(primaryKey, columns, (key, puts) => {
      const bytes = rowBytes({ kind: 'put', key, columns: puts, condition: CONDITION });
      expect(officialRead(bytes)).toEqual({ key, columns: [...puts] });
    }),
  );
});

test('we read what the official package writes, with and without timestamps', async ({
  expect,
}) => {
  fc.assert(
    fc.property(primaryKey, columns, fc.boolean(), (key, puts, timed) => {
      const attributes = columnsOf(puts).map((column) =>
        timed ? { ...column, timestamp: 1_795_000_000_000 } : column,
      );
      const bytes = official.PlainBufferBuilder.serializeForPutRow(keyOf(key), attributes);
      expect(readRows(bytes)).toEqual([{ key, columns: puts }]);
    }),
  );
});

test('consecutive rows are read one by one, and an empty buffer holds no rows', async ({
  expect,
}) => {
  const row = (id: string) =>
    rowBytes({
      kind: 'put',
      key: [['id', id]],
      columns: new Map([['n', 1]]),
      condition: CONDITION,
    });
  const both = Buffer.concat([row('a'), row('b').subarray(4)]);
  expect(readRows(both).map(({ key }) => key)).toEqual([[['id', 'a']], [['id', 'b']]]);
  expect(readRows(Buffer.alloc(0))).toEqual([]);
});

test('bytes with one bit changed, or cut off, are never read as another row', async ({
  expect,
}) => {
  const key = [['id', 'ro-1']] as const;
  const puts = new Map<string, string | number>([
    ['version', 7],
    ['header', '{"a":"汉"}'],
  ]);
  const bytes = rowBytes({ kind: 'put', key, columns: puts, condition: CONDITION });
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const broken = Buffer.from(bytes);
    broken[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => readRows(broken), `bit ${bit}`).toThrow(Unreadable);
  }
  // The header alone holds no row.
  for (let length = 5; length < bytes.length; length++) {
    expect(() => readRows(bytes.subarray(0, length)), `${length} bytes`).toThrow(Unreadable);
  }
});

test('values of types that Latchkey never writes are unreadable', async ({ expect }) => {
  const { PlainBufferBuilder, Long } = official;
  for (const odd of [1.5, true, Buffer.from('x'), Long.fromNumber(2 ** 60)]) {
    const bytes = PlainBufferBuilder.serializeForPutRow([{ id: 'a' }], [{ odd }]);
    expect(() => readRows(bytes)).toThrow(Unreadable);
  }
});

test.for([1.5, Number.NaN, 2 ** 53])('number %s cannot be stored', (odd, { expect }) => {
  const key = [['id', odd]] as const;
  expect(() => keyBytes(key)).toThrow(RangeError);
});

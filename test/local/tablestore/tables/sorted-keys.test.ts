import { test } from 'vitest';
import { sortKey } from '../../../../local/cloud/tablestore/rows/sort-key.ts';
import { SortedKeys } from '../../../../local/cloud/tablestore/tables/sorted-keys.ts';
import type { KeyBound } from '../../../../local/cloud/tablestore/rows/value.ts';

const integer = (value: bigint): KeyBound => ({ kind: 'integer', value });
const text = (value: string): KeyBound => ({ kind: 'string', value });
const bytes = (...value: number[]): KeyBound => ({ kind: 'binary', value: Buffer.from(value) });
const LEAST: KeyBound = { kind: 'inf-min' };
const MOST: KeyBound = { kind: 'inf-max' };

test('keys sort by their values, column by column, between the infinities', ({ expect }) => {
  for (const ascending of [
    [
      [LEAST],
      [integer(-(2n ** 63n))],
      [integer(-1n)],
      [integer(0n)],
      [integer(2n ** 63n - 1n)],
      [MOST],
    ],
    [
      [LEAST],
      [text('')],
      [text('\0')],
      [text('a')],
      [text('a\0')],
      [text('aa')],
      [text('b')],
      [text('é')],
      [text('\uff5e')],
      [text('\u{1f511}')],
      [MOST],
    ],
    [
      [LEAST],
      [bytes()],
      [bytes(0)],
      [bytes(0, 0)],
      [bytes(0, 1)],
      [bytes(1)],
      [bytes(255)],
      [MOST],
    ],
    [
      [text('a'), LEAST],
      [text('a'), integer(5n)],
      [text('a'), MOST],
      [text('a\0'), LEAST],
      [text('ab'), integer(-5n)],
    ],
  ]) {
    const keys = ascending.map((values) => sortKey(values));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.toReversed().toSorted()).toEqual(keys);
  }
});

test('a set of keys stays sorted and without repeats through adding and removing', ({ expect }) => {
  const keys = new SortedKeys();
  const words = ['m', 'c', 'x', 'a', 'c', 'q'];
  for (const word of words) keys.add(word);
  keys.remove('q');
  keys.remove('not there');
  expect(Array.from({ length: keys.size }, (_, i) => keys.at(i))).toEqual(['a', 'c', 'm', 'x']);
  expect(['', 'a', 'b', 'x', 'y'].map((word) => keys.lowerBound(word))).toEqual([0, 0, 1, 3, 4]);
});

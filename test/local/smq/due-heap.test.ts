import fc from 'fast-check';
import { test } from 'vitest';
import { DueHeap } from '../../../local/cloud/smq/due-heap.ts';

test('what is due comes out by time, then in the order of its coming', ({ expect }) => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 })),
      fc.integer({ min: 0, max: 20 }),
      (times, nowMs) => {
        const heap = new DueHeap<number>();
        times.forEach((atMs, index) => heap.push(atMs, index));
        const out: number[] = [];
        for (let due = heap.popDue(nowMs); due !== undefined; due = heap.popDue(nowMs)) {
          out.push(due.value);
        }
        const expected = times
          .map((atMs, index) => ({ atMs, index }))
          .filter(({ atMs }) => atMs <= nowMs)
          .toSorted((a, b) => a.atMs - b.atMs || a.index - b.index);
        expect(out).toEqual(expected.map(({ index }) => index));
      },
    ),
  );
});

import fc from 'fast-check';
import { test } from 'vitest';
import { HISTORY_KEPT, type HistoryEntry } from '../../../../shared/domain/model/rollout.ts';
import {
  decodeHistoryColumn,
  historyColumns,
  historyOf,
  isHistoryColumn,
} from '../../../../shared/outbound/store/history-columns.ts';
import { anEntry } from './builders.ts';

test('however entries come in, the row keeps exactly the newest 200', async ({ expect }) => {
  const writes = fc.array(
    fc.record({ count: fc.integer({ min: 0, max: 300 }), room: fc.integer({ min: 1, max: 40 }) }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(writes, (sizes) => {
      const row = new Map<string, string>();
      const all: HistoryEntry[] = [];
      for (const { count, room } of sizes) {
        const entries = Array.from({ length: count }, (_, i) => anEntry(all.length + i));
        all.push(...entries);
        const columns = historyColumns(entries, room);
        expect(columns.size).toBeLessThanOrEqual(room);
        for (const [name, value] of columns) row.set(name, value);
      }
      expect([...row.keys()].every(isHistoryColumn)).toBe(true);
      expect(row.size).toBeLessThanOrEqual(HISTORY_KEPT);
      const read = historyOf([...row.values()].flatMap(decodeHistoryColumn));
      expect(read).toEqual(all.slice(-HISTORY_KEPT));
    }),
    { numRuns: 50 },
  );
});

test('where there is room, each entry has its own column', async ({ expect }) => {
  const columns = historyColumns([anEntry(199), anEntry(200), anEntry(201)], 3);
  expect([...columns.keys()].toSorted()).toEqual(['h000', 'h001', 'h199']);
});

import type { Tables } from './tables/tables.ts';
import { plainValue } from './rows/value.ts';

/** All stored, unexpired data as plain JSON: for people and tests, not for clients. */
export function stateOf(tables: Tables): unknown {
  const nowMs = tables.nowMs();
  return tables.names().map((name) => {
    const table = tables.get(name);
    const { primaryKey, settings } = table;
    return {
      name,
      primaryKey,
      options: { ...settings, maxVersions: 1 },
      rows: Array.from(table.all(nowMs), (row) => ({
        primaryKey: Object.fromEntries(
          primaryKey.map((column, i) => [column.name, plainValue(row.primaryKey[i]!)]),
        ),
        columns: Object.fromEntries(
          Array.from(row.cells, ([column, { value }]) => [column, plainValue(value)]),
        ),
      })),
    };
  });
}

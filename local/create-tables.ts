import { TABLES } from '../shared/outbound/store/tables.ts';
import type { Tablestore } from './cloud/tablestore/index.ts';

/** Creates the tables. In the real cloud the operator creates them once. */
export function createTables(tablestore: Pick<Tablestore, 'createTable'>): void {
  for (const table of TABLES) tablestore.createTable(table);
}

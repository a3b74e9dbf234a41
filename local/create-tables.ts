import { TABLES } from '../shared/outbound/store/tables.ts';
import type { Tablestore } from './cloud/tablestore/index.ts';

/** The tables of design §4. In the cloud they are made once, by whoever deploys. */
export function createTables(tablestore: Pick<Tablestore, 'createTable'>): void {
  for (const table of TABLES) tablestore.createTable(table);
}

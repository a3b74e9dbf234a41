import { QUEUE_SETTINGS, type QueueAttributes } from '../../shared/outbound/smq/queue-admin.ts';
import { TABLES } from '../../shared/outbound/store/tables.ts';
import type { Table } from '../../shared/outbound/tablestore/table-admin.ts';

/** The queues and tables that Latchkey needs. */
export interface RequiredStores {
  readonly queues: readonly { readonly name: string; readonly attributes: QueueAttributes }[];
  readonly tables: readonly Table[];
}

export function requiredStores(queueNames: readonly string[]): RequiredStores {
  return {
    queues: [...new Set(queueNames)].map((name) => ({ name, attributes: QUEUE_SETTINGS })),
    tables: TABLES,
  };
}

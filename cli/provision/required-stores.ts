import type { QueueAttributes } from '../../shared/outbound/smq/queue-admin.ts';
import { QUEUE_SETTINGS } from '../../shared/outbound/smq/queue-settings.ts';
import { TABLES } from '../../shared/outbound/store/tables.ts';
import type { Table } from '../../shared/outbound/tablestore/table-admin.ts';

export interface RequiredQueue {
  readonly name: string;
  readonly attributes: QueueAttributes;
}

/** What Latchkey keeps itself, besides functions, triggers and roles. */
export interface RequiredStores {
  readonly queues: readonly RequiredQueue[];
  readonly tables: readonly Table[];
}

export function requiredStores(queueNames: readonly string[]): RequiredStores {
  return {
    queues: [...new Set(queueNames)].map((name) => ({ name, attributes: QUEUE_SETTINGS })),
    tables: TABLES,
  };
}

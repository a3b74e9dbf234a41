import type { QueueAttributes } from '../../shared/outbound/smq/queue-admin.ts';
import { QUEUE_SETTINGS } from '../../shared/outbound/smq/queue-settings.ts';
import { TABLES } from '../../shared/outbound/store/tables.ts';
import type { Table } from '../../shared/outbound/tablestore/table-admin.ts';

export interface WantedQueue {
  readonly name: string;
  readonly attributes: QueueAttributes;
}

/** What Latchkey keeps itself, besides functions, triggers and roles. */
export interface Wanted {
  readonly queues: readonly WantedQueue[];
  readonly tables: readonly Table[];
}

export function wantedOf(queueNames: readonly string[]): Wanted {
  return {
    queues: [...new Set(queueNames)].map((name) => ({ name, attributes: QUEUE_SETTINGS })),
    tables: TABLES,
  };
}

import type { QueueAttributes } from '../../shared/outbound/smq/queue-admin.ts';
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

const ATTRIBUTES: QueueAttributes = {
  // Each message says for itself.
  DelaySeconds: 0,
  // The most there is: https://help.aliyun.com/document_detail/128343.html
  MaximumMessageSize: 65_536,
  MessageRetentionPeriod: 604_800,
  // Longer than `restart` may run (s.yaml), so that a batch under way comes to nobody else: our own choice.
  VisibilityTimeout: 180,
  PollingWaitSeconds: 0,
};

export function wantedOf(queueNames: readonly string[]): Wanted {
  return {
    queues: [...new Set(queueNames)].map((name) => ({ name, attributes: ATTRIBUTES })),
    tables: TABLES,
  };
}

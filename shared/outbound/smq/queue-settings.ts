import type { QueueAttributes } from './queue-admin.ts';

/** What every queue of Latchkey is made with. */
export const QUEUE_SETTINGS: QueueAttributes = {
  // Each message says for itself.
  DelaySeconds: 0,
  // The most there is: https://help.aliyun.com/document_detail/128343.html
  MaximumMessageSize: 65_536,
  MessageRetentionPeriod: 604_800,
  // Longer than `restart` may run (s.yaml), so that a batch under way comes to nobody else: our own choice.
  VisibilityTimeout: 180,
  PollingWaitSeconds: 0,
};

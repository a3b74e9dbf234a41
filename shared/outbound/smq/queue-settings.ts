import type { QueueAttributes } from './queue-admin.ts';

/** The attributes of every queue of Latchkey. */
export const QUEUE_SETTINGS: QueueAttributes = {
  // Each message has its own delay.
  DelaySeconds: 0,
  // The maximum: https://help.aliyun.com/document_detail/128343.html
  MaximumMessageSize: 65_536,
  MessageRetentionPeriod: 604_800,
  // Longer than the time limit of `restart` (s.yaml), so that a batch in progress is not delivered again. Our own choice.
  VisibilityTimeout: 180,
  PollingWaitSeconds: 0,
};

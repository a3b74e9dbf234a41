/** The lowest and the highest value that SMQ accepts. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * https://help.aliyun.com/document_detail/128343.html and the pages of the single actions
 * (https://www.alibabacloud.com/help/doc-detail/34088.htm). Retention is at most 7 days; older pages say 15.
 */
export const RANGES = {
  DelaySeconds: { low: 0, high: 604_800 },
  MaximumMessageSize: { low: 1_024, high: 65_536 },
  MessageRetentionPeriod: { low: 60, high: 604_800 },
  VisibilityTimeout: { low: 1, high: 43_200 },
  PollingWaitSeconds: { low: 0, high: 30 },
  Priority: { low: 1, high: 16 },
  waitseconds: { low: 0, high: 30 },
  numOfMessages: { low: 1, high: 16 },
  /** https://www.alibabacloud.com/help/doc-detail/35133.htm */
  'x-mns-ret-number': { low: 1, high: 1_000 },
} as const satisfies Record<string, Range>;

/** Messages in one batch call: https://help.aliyun.com/en/mns/developer-reference/batchsendmessage */
export const MAX_BATCH = 16;

/** All bodies of one batch together: the same page. */
export const MAX_BATCH_BYTES = 65_536;

/** https://help.aliyun.com/document_detail/128343.html. The error text still says 256. */
export const MAX_QUEUE_NAME_LENGTH = 120;

/** 8 of 1 (first) to 16 (last): https://help.aliyun.com/en/mns/developer-reference/sendmessage */
export const DEFAULT_PRIORITY = 8;

/** How far a signed Date may be off: https://help.aliyun.com/document_detail/27487.html */
export const MAX_SKEW_MS = 15 * 60_000;

/** How a field is indexed: https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-sls-index */
export type FieldType = 'text' | 'long' | 'double';

/**
 * The fields of our own lines that are searched for or counted by, by their path. Function Compute keeps a
 * line in the field `message` as it was written, and ours are JSON.
 */
export const MESSAGE_FIELDS: Readonly<Record<string, FieldType>> = {
  level: 'text',
  event: 'text',
  function: 'text',
  rolloutId: 'text',
  requestId: 'text',
  what: 'text',
  count: 'long',
  detail: 'text',
  waitingFor: 'text',
  status: 'text',
  deadLetters: 'long',
  tookMs: 'long',
  stillMs: 'long',
  action: 'text',
  'error.code': 'text',
};

/** What Function Compute says of each run: https://help.aliyun.com/zh/sls/function-compute-3-0-log-field-details */
export const RUN_FIELDS: Readonly<Record<string, FieldType>> = {
  functionName: 'text',
  requestId: 'text',
  durationMs: 'double',
  memoryUsageMB: 'double',
  isColdStart: 'text',
  hasFunctionError: 'text',
  errorType: 'text',
};

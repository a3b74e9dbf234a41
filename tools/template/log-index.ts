/** How a field is indexed: https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-sls-index */
export type FieldType = 'text' | 'long' | 'double';

/**
 * The fields of our own lines that queries use, by their path. Function Compute keeps each line in the
 * field `message` as it was written, and our lines are JSON.
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

/** The fields that Function Compute adds to each run: https://help.aliyun.com/zh/sls/function-compute-3-0-log-field-details */
export const RUN_FIELDS: Readonly<Record<string, FieldType>> = {
  functionName: 'text',
  requestId: 'text',
  durationMs: 'double',
  memoryUsageMB: 'double',
  isColdStart: 'text',
  hasFunctionError: 'text',
  errorType: 'text',
};

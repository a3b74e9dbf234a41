/**
 * The documented limits of the wide column model.
 * https://www.alibabacloud.com/help/en/tablestore/limits-on-widecolumn-model (names, values, writes, rows a batch)
 * https://github.com/AlibabaCloudDocs/ots "General limits" (columns a request, body, filters, tables, GetRange)
 */

export const MAX_TABLES = 64;
export const MAX_PRIMARY_KEY_COLUMNS = 4;
export const MAX_PRIMARY_KEY_BYTES = 1024;
export const MAX_COLUMN_BYTES = 2 * 1024 * 1024;
/** Attribute columns that one request may write in one row. */
export const MAX_COLUMNS_WRITTEN = 1024;
/** Names in `columns_to_get`. Without it, any number of columns is read. */
export const MAX_COLUMNS_TO_GET = 128;
/** Names and values of one PutRow or UpdateRow, and of all rows of one BatchWriteRow together. */
export const MAX_WRITE_BYTES = 4 * 1024 * 1024;
export const MAX_BATCH_WRITE_ROWS = 200;
export const MAX_BATCH_GET_ROWS = 100;
export const MAX_RANGE_ROWS = 5000;
export const MAX_RANGE_BYTES = 4 * 1024 * 1024;
/** Single column conditions in one filter or condition. */
export const MAX_CONDITIONS = 10;
export const MAX_BODY_BYTES = 5 * 1024 * 1024;

/** https://www.alibabacloud.com/help/en/tablestore/developer-reference/tableoptions */
export const MIN_TIME_TO_LIVE_SECONDS = 86_400;
/** The default of the same page: how far a given timestamp may be from now. */
export const DEFAULT_DEVIATION_SECONDS = 86_400;

/** https://developer.aliyun.com/ask/219957 (request signature) */
export const MAX_CLOCK_SKEW_MS = 15 * 60_000;

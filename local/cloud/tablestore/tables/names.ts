import { invalid } from '../errors.ts';

/**
 * 1 to 255 bytes of letters, digits and underscores, not beginning with a digit:
 * https://www.alibabacloud.com/help/en/tablestore/limits-on-widecolumn-model
 */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;

export function checkTableName(name: string): void {
  if (!NAME.test(name)) throw invalid(`Invalid table name: '${name}'.`);
}

export function checkColumnName(name: string): void {
  if (!NAME.test(name)) throw invalid(`Invalid column name: '${name}'.`);
}

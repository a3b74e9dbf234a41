import { REGION_ID } from '../shared/contract/names.ts';
import { usageError } from './exit.ts';

/** @throws {CliError} `usage` when the text cannot be a region id */
export function readRegion(text: string): string {
  if (REGION_ID.test(text)) return text;
  throw usageError(`Cannot use region "${text}": must be a region, such as "cn-hangzhou"`);
}

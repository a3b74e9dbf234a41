import type { TableOptions } from 'tablestore/lib/protocol/tablestore_compiled_proto.js';
import { invalid } from '../errors.ts';
import { has } from '../proto.ts';
import type { Table, TableSettings } from '../tables/table.ts';

/**
 * The table options of the message.
 *
 * @throws {OtsError} for a number of versions other than 1: more are not emulated
 */
export function parseOptions(options: TableOptions): Partial<TableSettings> {
  if (has(options, 'maxVersions') && options.maxVersions !== 1) {
    const reason =
      (options.maxVersions ?? 0) <= 0
        ? 'Max versions must be positive'
        : 'The local cloud keeps one version';
    throw invalid(`Invalid max versions: ${options.maxVersions} . Reason: ${reason}.`);
  }
  const deviation = options.deviationCellVersionInSec;
  return {
    ...(has(options, 'timeToLive') && { timeToLiveSeconds: options.timeToLive! }),
    ...(has(options, 'deviationCellVersionInSec') && {
      deviationSeconds: typeof deviation === 'object' ? deviation.toNumber() : deviation!,
    }),
    ...(has(options, 'allowUpdate') && { allowUpdate: options.allowUpdate! }),
  };
}

export function optionsOf({ settings }: Table): TableOptions {
  return {
    timeToLive: settings.timeToLiveSeconds,
    maxVersions: 1,
    deviationCellVersionInSec: settings.deviationSeconds,
    allowUpdate: settings.allowUpdate,
  };
}

export const throughputOf = (table: Table) => ({
  capacityUnit: table.throughput,
  lastIncreaseTime: Math.floor(table.createdAtMs / 1000),
});

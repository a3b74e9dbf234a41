import { invalid, unsupported } from '../errors.ts';
import { has, messages, parse } from '../proto.ts';
import type { KeyColumn } from '../tables/table.ts';
import type { Action } from './action.ts';
import { parseOptions } from './table-options.ts';

/** The numbers of PrimaryKeyType. */
export const KEY_TYPES = { 1: 'INTEGER', 2: 'STRING', 3: 'BINARY' } as const;

export const createTable: Action = (tables, body) => {
  const request = parse(messages.CreateTableRequest, body);
  const { tableMeta, reservedThroughput } = request;
  if (request.partitions?.length) throw unsupported('partitions');
  if (request.indexMetas?.length || tableMeta.indexMeta?.length) throw unsupported('indexes');
  if (tableMeta.definedColumn?.length) throw unsupported('defined columns');
  if (request.streamSpec?.enableStream === true) throw unsupported('streams');
  const primaryKey = tableMeta.primaryKey.map((column): KeyColumn => {
    const type = KEY_TYPES[column.type as keyof typeof KEY_TYPES];
    if (type === undefined) {
      throw invalid('Invalid column type, only STRING,INTEGER,BINARY is allowed.');
    }
    if (has(column, 'option')) throw unsupported('AUTO_INCREMENT');
    return { name: column.name, type };
  });
  const options = request.tableOptions ?? {};
  if (!has(options, 'timeToLive')) {
    throw invalid('Time-to-live is missing while creating table.');
  }
  if (!has(options, 'maxVersions')) throw invalid('MaxVersions is missing while creating table.');
  const settings = parseOptions(options);
  const { read = 0, write = 0 } = reservedThroughput.capacityUnit;
  const table = tables.create(
    { name: tableMeta.tableName, primaryKey, timeToLiveSeconds: options.timeToLive! },
    settings,
  );
  table.throughput = { read, write };
  return messages.CreateTableResponse.encode({}).finish();
};

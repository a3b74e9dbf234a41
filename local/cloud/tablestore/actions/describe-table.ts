import { messages, parse } from '../proto.ts';
import type { Action } from './action.ts';
import { KEY_TYPES } from './create-table.ts';
import { optionsOf, throughputOf } from './table-options.ts';

/** TableStatus.ACTIVE: here a table is ready as soon as it is created. */
const ACTIVE = 1;

export const describeTable: Action = (tables, body) => {
  const table = tables.get(parse(messages.DescribeTableRequest, body).tableName);
  const numberOf = (type: string) =>
    Number(Object.entries(KEY_TYPES).find(([, name]) => name === type)![0]);
  return messages.DescribeTableResponse.encode({
    tableMeta: {
      tableName: table.name,
      primaryKey: table.primaryKey.map(({ name, type }) => ({ name, type: numberOf(type) })),
    },
    reservedThroughputDetails: throughputOf(table),
    tableOptions: optionsOf(table),
    tableStatus: ACTIVE,
  }).finish();
};

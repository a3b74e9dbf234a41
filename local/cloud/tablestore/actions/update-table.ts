import { invalid, unsupported } from '../errors.ts';
import { has, messages, parse } from '../proto.ts';
import { checkSettings } from '../tables/tables.ts';
import type { Action } from './action.ts';
import { optionsOf, parseOptions, throughputOf } from './table-options.ts';

/** Changes options and throughput. The rate of calls is not limited here. */
export const updateTable: Action = (tables, body) => {
  const request = parse(messages.UpdateTableRequest, body);
  const table = tables.get(request.tableName);
  if (request.streamSpec?.enableStream === true) throw unsupported('streams');
  if (has(request, 'tableOptions')) {
    const changes = parseOptions(request.tableOptions!);
    if (Object.keys(changes).length === 0 && !has(request.tableOptions!, 'maxVersions')) {
      throw invalid('No parameter is specified in table options.');
    }
    const settings = { ...table.settings, ...changes };
    checkSettings(settings);
    table.settings = settings;
  }
  if (has(request, 'reservedThroughput')) {
    const { read, write } = request.reservedThroughput!.capacityUnit;
    const { throughput } = table;
    table.throughput = { read: read ?? throughput.read, write: write ?? throughput.write };
  }
  return messages.UpdateTableResponse.encode({
    reservedThroughputDetails: throughputOf(table),
    tableOptions: optionsOf(table),
  }).finish();
};

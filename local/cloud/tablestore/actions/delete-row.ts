import { unsupported } from '../errors.ts';
import { has, messages, parse } from '../proto.ts';
import { parseRowWrite } from '../rows/row-write.ts';
import { carryOut, prepare } from '../rows/write-answer.ts';
import type { Action } from './action.ts';

export const deleteRow: Action = (tables, body) => {
  const request = parse(messages.DeleteRowRequest, body);
  if (has(request, 'transactionId')) throw unsupported('local transactions');
  const table = tables.get(request.tableName);
  const nowMs = tables.nowMs();
  const write = parseRowWrite('delete', table, request.primaryKey, nowMs);
  const answer = carryOut(prepare(table, write, request), nowMs);
  return messages.DeleteRowResponse.encode(answer).finish();
};

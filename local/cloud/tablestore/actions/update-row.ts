import { unsupported } from '../errors.ts';
import { has, messages, parse } from '../proto.ts';
import { parseRowWrite } from '../rows/row-write.ts';
import { carryOut, prepare } from '../rows/write-answer.ts';
import type { Action } from './action.ts';

export const updateRow: Action = (tables, body) => {
  const request = parse(messages.UpdateRowRequest, body);
  if (has(request, 'transactionId')) throw unsupported('local transactions');
  const table = tables.get(request.tableName);
  const nowMs = tables.nowMs();
  const write = parseRowWrite('update', table, request.rowChange, nowMs);
  const answer = carryOut(prepare(table, write, request), nowMs);
  return messages.UpdateRowResponse.encode(answer).finish();
};

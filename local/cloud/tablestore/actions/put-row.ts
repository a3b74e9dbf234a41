import { unsupported } from '../errors.ts';
import { has, messages, parse } from '../proto.ts';
import { parseRowWrite } from '../rows/row-write.ts';
import { carryOut, prepare } from '../rows/write-answer.ts';
import type { Action } from './action.ts';

export const putRow: Action = (tables, body) => {
  const request = parse(messages.PutRowRequest, body);
  if (has(request, 'transactionId')) throw unsupported('local transactions');
  const table = tables.get(request.tableName);
  const nowMs = tables.nowMs();
  const write = parseRowWrite('put', table, request.row, nowMs);
  const answer = carryOut(prepare(table, write, request), nowMs);
  return messages.PutRowResponse.encode(answer).finish();
};

import { messages, parse } from '../proto.ts';
import type { Action } from './action.ts';
import { writeOneRow } from './write-one-row.ts';

export const updateRow: Action = (tables, body) => {
  const request = parse(messages.UpdateRowRequest, body);
  const answer = writeOneRow(tables, 'update', request, request.rowChange);
  return messages.UpdateRowResponse.encode(answer).finish();
};

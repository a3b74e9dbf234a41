import { messages, parse } from '../proto.ts';
import type { Action } from './action.ts';
import { writeOneRow } from './write-one-row.ts';

export const deleteRow: Action = (tables, body) => {
  const request = parse(messages.DeleteRowRequest, body);
  const answer = writeOneRow(tables, 'delete', request, request.primaryKey);
  return messages.DeleteRowResponse.encode(answer).finish();
};

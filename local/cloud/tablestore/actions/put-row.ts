import { messages, parse } from '../proto.ts';
import type { Action } from './action.ts';
import { writeOneRow } from './write-one-row.ts';

export const putRow: Action = (tables, body) => {
  const request = parse(messages.PutRowRequest, body);
  const answer = writeOneRow(tables, 'put', request, request.row);
  return messages.PutRowResponse.encode(answer).finish();
};

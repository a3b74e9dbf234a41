import { messages, parse } from '../proto.ts';
import type { Action } from './action.ts';

export const listTable: Action = (tables, body) => {
  parse(messages.ListTableRequest, body);
  return messages.ListTableResponse.encode({ tableNames: tables.names() }).finish();
};

import { messages, parse } from '../proto.ts';
import type { Action } from './action.ts';

export const deleteTable: Action = (tables, body) => {
  tables.delete(parse(messages.DeleteTableRequest, body).tableName);
  return messages.DeleteTableResponse.encode({}).finish();
};

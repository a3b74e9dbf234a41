import { randomUUID } from 'node:crypto';
import { json, type WireReply } from '../wire.ts';

/** How `api.dingtalk.com` refuses a request. */
export function refusal(status: number, code: string, message: string): WireReply {
  return json(status, { code, requestid: randomUUID().toUpperCase(), message });
}

export function missing(name: string): WireReply {
  return refusal(400, `Missing${name}`, `${name} is mandatory for this action.`);
}

/** DingTalk ignores some unknown names. Here each of them is an error, so that typos are found. */
export function unknownNames(names: readonly string[]): WireReply {
  return refusal(400, 'InvalidParameter', `unknown: ${names.join(', ')}`);
}

/** How `oapi.dingtalk.com` answers: success and failure have HTTP status 200. */
export function errcode(code: number, message: string): WireReply {
  return json(200, { errcode: code, errmsg: message });
}

import { randomUUID } from 'node:crypto';
import { json, type WireReply } from '../wire.ts';

/** How `api.dingtalk.com` says no. */
export function refusal(status: number, code: string, message: string): WireReply {
  return json(status, { code, requestid: randomUUID().toUpperCase(), message });
}

export function missing(name: string): WireReply {
  return refusal(400, `Missing${name}`, `${name} is mandatory for this action.`);
}

/** The words for a name that the API does not have are our own: the real one drops some in silence. */
export function unknownNames(names: readonly string[]): WireReply {
  return refusal(400, 'InvalidParameter', `unknown: ${names.join(', ')}`);
}

/** How `oapi.dingtalk.com` says how it went: HTTP 200 in any case. */
export function errcode(code: number, message: string): WireReply {
  return json(200, { errcode: code, errmsg: message });
}

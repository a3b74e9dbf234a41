import { json, type WireReply } from '../wire.ts';

/** How `open.feishu.cn` refuses a request. */
export function refusal(code: number, msg: string): WireReply {
  return json(400, { code, msg });
}

export function invalid(detail: string): WireReply {
  return refusal(230001, `Your request contains an invalid request parameter, ext=${detail}`);
}

export function tooFast(): WireReply {
  return refusal(230020, 'This operation triggers the frequency limit.');
}

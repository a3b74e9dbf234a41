import { type CallOptions, senderOf } from '../call-options.ts';
import type { HttpAnswer } from '../http.ts';
import { authorizationOf } from './sign.ts';

/** https://help.aliyun.com/document_detail/27487.html */
const API_VERSION = '2015-06-06';

export interface SmqOptions extends CallOptions {
  readonly queueName: string;
}

/** Sends one signed call about one queue, once. Rejects as `SendHttp`. */
type SmqCall = (request: {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The rest of the path after the queue's: `''`, or `/messages` and a query. */
  readonly below: string;
  /** XML; '' for none. */
  readonly document: string;
}) => Promise<HttpAnswer>;

/** @throws {TypeError} for an endpoint or a queue name that cannot be used */
export function smqCaller(options: SmqOptions, maxAnswerBytes: number): SmqCall {
  const { queueName, credentials, wireNowMs = () => Date.now() } = options;
  // https://help.aliyun.com/en/mns/developer-reference/createqueue
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,119}$/.test(queueName)) {
    throw new TypeError(`Cannot use queue "${queueName}": not letters, digits and hyphens`);
  }
  const send = senderOf(options, maxAnswerBytes);

  return async ({ method, below, document }) => {
    const resource = `/queues/${queueName}${below}`;
    const credential = await credentials();
    const headers: Record<string, string> = {
      'content-type': 'text/xml',
      date: new Date(wireNowMs()).toUTCString(),
      'x-mns-version': API_VERSION,
    };
    headers['authorization'] = authorizationOf({ method, resource, headers }, credential);
    if (credential.securityToken !== undefined) {
      headers['security-token'] = credential.securityToken;
    }
    return send({ method, path: resource, headers, body: Buffer.from(document, 'utf8') });
  };
}

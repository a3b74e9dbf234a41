import type { WireRequest } from '../../../http/wire.ts';
import { decodePairs } from './pairs.ts';

/** A request of the RPC style with its parameters decoded, and nothing checked. */
export interface RpcRequest {
  readonly wire: WireRequest;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Of an `application/x-www-form-urlencoded` body; empty for every other body. */
  readonly form: readonly (readonly [name: string, value: string])[];
  /** Query and form together, the first value of each name. */
  readonly all: ReadonlyMap<string, string>;
  /** Why the request cannot be read; undefined when it can. */
  readonly unreadable: 'encoding' | 'repeated-parameter' | 'body-type' | undefined;
}

/**
 * The parameters of the call as such, whatever its action:
 * https://help.aliyun.com/zh/sdk/product-overview/rpc-mechanism
 */
export const CALL_PARAMETERS: ReadonlySet<string> = new Set([
  'Action',
  'Version',
  'Format',
  'Timestamp',
  'AccessKeyId',
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureVersion',
  'SignatureNonce',
  'SignatureType',
]);

const read = new WeakMap<WireRequest, RpcRequest>();

export function rpcRequest(wire: WireRequest): RpcRequest {
  const known = read.get(wire);
  if (known !== undefined) return known;
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(wire.headers['content-type'] ?? '');
  const query = decodePairs(wire.query);
  const form = isForm ? decodePairs(wire.body.toString('utf8')) : [];
  const all = new Map<string, string>();
  let unreadable: RpcRequest['unreadable'];
  if (query === undefined || form === undefined) unreadable = 'encoding';
  else if (!isForm && wire.body.length > 0) unreadable = 'body-type';
  for (const [name, value] of [...(query ?? []), ...(form ?? [])]) {
    if (all.has(name)) unreadable ??= 'repeated-parameter';
    else all.set(name, value);
  }
  const request = { wire, query: query ?? [], form: form ?? [], all, unreadable };
  read.set(wire, request);
  return request;
}

/** The action of the request. The parameter wins over the header, because it is always signed. */
export function actionNameOf(request: RpcRequest): string {
  return request.all.get('Action') ?? request.wire.headers['x-acs-action'] ?? '';
}

import type { Spoil } from '../kernel/faults.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { WireReply } from '../../http/wire.ts';
import { badQueryItem } from './errors.ts';
import type { Queues } from './queues.ts';
import { type Xml, writeXml } from './write-xml.ts';

/** One authenticated call. */
export interface ActionCall {
  readonly kernel: Kernel;
  readonly queues: Queues;
  readonly queueName: string;
  /** Names in lower case. */
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly requestId: string;
  readonly spoil: Spoil;
}

/** @throws {SmqError} for an error of the caller */
export type Action = (call: ActionCall) => WireReply | Promise<WireReply>;

/** A reply without the common headers, which the service adds. */
export function reply(status: number, document?: Xml, headers = {}): WireReply {
  if (document === undefined) return { status, headers, body: '' };
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=utf-8', ...headers },
    body: writeXml(document),
  };
}

/** @throws {SmqError} InvalidQueryString for a query item that the action does not have */
export function onlyQuery(call: ActionCall, ...names: string[]): void {
  for (const name of call.query.keys()) if (!names.includes(name)) throw badQueryItem(name);
}

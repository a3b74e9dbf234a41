import type { Action } from '../../../shared/domain/model/policy.ts';
import type { Invocation } from '../../../shared/domain/rollouts/carry-out.ts';
import type { HttpReply, HttpRequest } from '../../../shared/inbound/fc.ts';
import type { Asked } from '../asked.ts';
import type { ServePorts } from '../serve-ports.ts';

/** What a route reads: nothing of it is checked yet. */
export interface Unread extends Pick<HttpRequest, 'body' | 'query'> {
  /** '' where the path names none. */
  readonly rolloutId: string;
  /** The region that the deployment serves. */
  readonly regionId: string;
}

/** One thing that a client can ask for over HTTP. */
export interface Route<Wanted = unknown> {
  readonly method: 'GET' | 'POST';
  /** With `:rolloutId` where it names one. */
  readonly path: string;
  /** What a client must be permitted. */
  readonly action: Action;
  /** @throws {LatchkeyError} `bad-request`, or `not-valid` with every fault */
  read(unread: Unread): Wanted;
  do(wanted: Wanted, ports: ServePorts, asked: Asked, invocation: Invocation): Promise<HttpReply>;
}

/** A route that changes nothing: the console asks for it, too, on behalf of no client. */
export interface SeenRoute<Wanted = unknown> extends Route<Wanted> {
  do(wanted: Wanted, ports: ServePorts): Promise<HttpReply>;
}

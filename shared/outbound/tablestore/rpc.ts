import { timingSafeEqual } from 'node:crypto';
import { LatchkeyError } from '../../domain/model/errors.ts';
import { type CallOptions, senderOf } from '../call-options.ts';
import type { HttpAnswer } from '../http.ts';
import { readError } from './answers.ts';
import { tablestoreError } from './errors.ts';
import { contentMd5, signedHeaders } from './sign.ts';
import { Unreadable } from './protobuf-reader.ts';

/** Our own choice: GetRange and BatchGetRow return at most 4 MB of data, plus the encoding. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export type Operation =
  | 'GetRow'
  | 'PutRow'
  | 'UpdateRow'
  | 'DeleteRow'
  | 'BatchGetRow'
  | 'BatchWriteRow'
  | 'GetRange'
  | 'ListTable'
  | 'DescribeTable'
  | 'CreateTable'
  | 'UpdateTable'
  | 'DeleteTable';

export interface RpcOptions extends CallOptions {
  readonly instanceName: string;
}

/**
 * Sends one call, once.
 *
 * @param read decodes the body of the answer. When it throws `Unreadable`, the call rejects with `unavailable`
 * @throws {LatchkeyError} for every expected failure
 */
type Rpc = <T>(operation: Operation, body: Buffer, read: (body: Buffer) => T) => Promise<T>;

/** @throws {TypeError} for an endpoint that cannot be used */
export function tablestoreRpc(options: RpcOptions): Rpc {
  const { instanceName, credentials, wireNowMs = () => Date.now() } = options;
  const send = senderOf(options, MAX_ANSWER_BYTES);

  return async (operation, body, read) => {
    const path = `/${operation}`;
    const headers = signedHeaders(path, body, instanceName, await credentials(), wireNowMs());
    const answer = await send({ method: 'POST', path, headers, body });
    try {
      if (answer.status >= 200 && answer.status < 300) {
        checkDigest(answer);
        return read(answer.body);
      }
      throw tablestoreError(operation, readError(answer.body), requestIdOf(answer));
    } catch (cause) {
      if (!(cause instanceof Unreadable)) throw cause;
      const requestId = requestIdOf(answer);
      throw new LatchkeyError(
        'unavailable',
        `Cannot ${operation}: the answer cannot be read, HTTP ${answer.status}, ${cause.message}`,
        { cause, ...(requestId === undefined ? {} : { requestId }) },
      );
    }
  };
}

function checkDigest({ headers, body }: HttpAnswer): void {
  const digest = headers['x-ots-contentmd5'];
  if (typeof digest !== 'string') return;
  const [given, ours] = [Buffer.from(digest), Buffer.from(contentMd5(body))];
  if (given.length !== ours.length || !timingSafeEqual(given, ours)) {
    throw new Unreadable('the digest does not match the body');
  }
}

function requestIdOf({ headers }: HttpAnswer): string | undefined {
  const requestId = headers['x-ots-requestid'] ?? headers['x-ots-request-id'];
  return typeof requestId === 'string' ? requestId : undefined;
}

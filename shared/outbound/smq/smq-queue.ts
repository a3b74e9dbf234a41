import { LatchkeyError } from '../../domain/errors.ts';
import { mapPool } from '../../domain/pool.ts';
import type { Log, Queue } from '../../domain/ports.ts';
import type { CredentialSource } from '../credentials.ts';
import { type After, httpSender } from '../http.ts';

import type { Sockets } from '../sockets.ts';
import { isPassing, type Pause, realPause, tryEach } from '../tries.ts';
import { batchDocument, readBatchAnswer } from './batch-document.ts';
import { batchesOf, type WireMessage } from './batches.ts';
import { smqError, smqUnreadable } from './errors.ts';
import { authorizationOf } from './sign.ts';

/** https://help.aliyun.com/document_detail/27487.html */
const API_VERSION = '2015-06-06';
/** Our own choice: 128 messages under way at once. */
const BATCHES_IN_FLIGHT = 8;
/** Our own choice. An answer has less than 300 bytes for each of 16 messages. */
const MAX_ANSWER_BYTES = 1_048_576;
/** Our own choice: a call takes some ten milliseconds, and three of them must fit an invocation. */
const DEFAULT_DEADLINE_MS = 5_000;

export interface SmqQueueOptions {
  /** `https://{accountId}.mns.{region}.aliyuncs.com`, or plain http for a loopback host. */
  readonly endpoint: string;
  readonly queueName: string;
  readonly credentials: CredentialSource;
  readonly sockets: Sockets;
  readonly log: Log;
  /** Of one call. */
  readonly deadlineMs?: number;
  /** For the Date header, which SMQ takes ± 15 minutes. Default: the real time. */
  readonly wireNowMs?: () => number;
  readonly pause?: Pause;
  readonly after?: After;
}

/**
 * The queue as the domain wants it, over SMQ's BatchSendMessage.
 *
 * What failed in passing (5xx, network, throttled) is sent up to three times in all, so a message
 * may arrive more than once.
 *
 * @throws {TypeError} for an endpoint or a queue name that cannot be used
 */
export function smqQueue(options: SmqQueueOptions): Queue {
  const { queueName, credentials, log, wireNowMs = () => Date.now(), pause = realPause } = options;
  // https://help.aliyun.com/en/mns/developer-reference/createqueue
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,119}$/.test(queueName)) {
    throw new TypeError(`Cannot use queue "${queueName}": not letters, digits and hyphens`);
  }
  const send = httpSender({
    endpoint: options.endpoint,
    sockets: options.sockets,
    deadlineMs: options.deadlineMs ?? DEFAULT_DEADLINE_MS,
    maxAnswerBytes: MAX_ANSWER_BYTES,
    ...(options.after === undefined ? {} : { after: options.after }),
  });
  const resource = `/queues/${queueName}/messages`;

  async function sendBatch(batch: readonly WireMessage[]): Promise<('sent' | LatchkeyError)[]> {
    const credential = await credentials();
    const headers: Record<string, string> = {
      'content-type': 'text/xml',
      date: new Date(wireNowMs()).toUTCString(),
      'x-mns-version': API_VERSION,
    };
    headers['authorization'] = authorizationOf({ method: 'POST', resource, headers }, credential);
    if (credential.securityToken !== undefined) {
      headers['security-token'] = credential.securityToken;
    }
    const body = Buffer.from(batchDocument(batch), 'utf8');
    const { status, body: answered } = await send({
      method: 'POST',
      path: resource,
      headers,
      body,
    });
    const answer = readBatchAnswer(
      answered.toString('utf8'),
      batch.length,
      status >= 200 && status < 300,
    );
    switch (answer.kind) {
      case 'entries':
        return answer.entries.map((failure) =>
          failure === undefined ? 'sent' : smqError(queueName, failure),
        );
      case 'refused': {
        const { failure, requestId } = answer;
        throw smqError(queueName, {
          ...failure,
          ...(requestId === undefined ? {} : { requestId }),
        });
      }
      case 'unreadable':
        throw smqUnreadable(queueName, `HTTP ${status}, ${answer.why}`, answer.cause);
    }
  }

  return {
    async send(messages) {
      const results: (LatchkeyError | undefined)[] = messages.map(() => undefined);
      const { batches, tooLarge } = batchesOf(messages);
      for (const { index, error } of tooLarge) results[index] = error;
      await mapPool(batches, BATCHES_IN_FLIGHT, async (batch) => {
        const outcomes = await tryEach<WireMessage, 'sent'>(
          batch,
          {
            pause,
            mayRepeat: isPassing,
            onRepeat: (error, nextTry, count) =>
              log('warn', 'smq.repeat', { queueName, nextTry, count, error: error.message }),
          },
          sendBatch,
        );
        batch.forEach(({ index }, at) => {
          const outcome = outcomes[at];
          if (outcome instanceof LatchkeyError) results[index] = outcome;
        });
      });
      return results;
    },
  };
}

import * as v from 'valibot';
import { LatchkeyError } from '../domain/model/errors.ts';
import type { GateAnswer, HealthGate, Log } from '../domain/model/ports.ts';
import { type After, httpSender } from './http.ts';
import type { Sockets } from './sockets.ts';

/** Our own choice: an answer is one word and a reason. */
const MAX_ANSWER_BYTES = 4_096;
/** Our own choice: the reason is kept with the rollout and shown to people. */
const MAX_REASON_LENGTH = 200;

/** Makes the headers of a signed request: Standard Webhooks v1, as our own webhook takes it. */
export type SignGate = (request: {
  readonly secret: GateSecret;
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestampSec: number;
  readonly body: Uint8Array;
}) => Readonly<Record<string, string>>;

export interface GateSecret {
  readonly key: Buffer;
}

export interface HealthGateOptions {
  /** https, or plain http for a loopback host; with path and query. */
  readonly url: string;
  readonly secret: GateSecret;
  readonly sign: SignGate;
  /** From the question to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly sockets: Sockets;
  readonly nowMs: () => number;
  /** The `webhook-id` of a question, different each time: letters, digits, underscores, hyphens. */
  readonly newId: () => string;
  readonly log: Log;
  /** Default: real time. */
  readonly after?: After;
}

const Answer = v.object({
  answer: v.picklist(['go', 'wait', 'halt']),
  reason: v.optional(v.string(), ''),
});

/**
 * A gate that is asked over HTTP: `POST` of `latchkey.gate/1`, once, never repeated. It must answer
 * status 200 and `{"answer": "go" | "wait" | "halt", "reason"?: "…"}` in at most 4,096 bytes. No
 * redirect is followed, so nobody but the host of `url` is ever asked.
 *
 * @throws {TypeError} for a URL that must not be used
 */
export function httpHealthGate(options: HealthGateOptions): HealthGate {
  const { url, secret, sign, timeoutMs, nowMs, newId, log } = options;
  if (!URL.canParse(url)) throw new TypeError(`Cannot use health gate "${url}": not a URL`);
  const { origin, pathname, search } = new URL(url);
  const send = httpSender({
    endpoint: origin,
    sockets: options.sockets,
    deadlineMs: timeoutMs,
    maxAnswerBytes: MAX_ANSWER_BYTES,
    ...(options.after === undefined ? {} : { after: options.after }),
  });

  return {
    async ask({ rolloutId, phase, wave, instanceIds }) {
      const question = { schema: 'latchkey.gate/1', rolloutId, phase, wave, instanceIds };
      const body = Buffer.from(JSON.stringify(question));
      const sinceMs = nowMs();
      const timestampSec = Math.floor(sinceMs / 1_000);
      const headers = {
        'content-type': 'application/json',
        ...sign({ secret, id: newId(), timestampSec, body }),
      };
      const answer = await answered(
        send({ method: 'POST', path: pathname + search, headers, body }),
      );
      const level = answer.answer === 'go' ? 'info' : 'warn';
      log(level, 'gate', { rolloutId, phase, wave, ...answer, tookMs: nowMs() - sinceMs });
      return answer;
    },
  };
}

async function answered(sent: ReturnType<ReturnType<typeof httpSender>>): Promise<GateAnswer> {
  try {
    const { status, body } = await sent;
    if (status !== 200) return wait(`The gate answered with HTTP status ${status}`);
    const read = v.safeParse(Answer, jsonOf(body.toString('utf8')));
    if (!read.success) return wait('The gate gave no answer that can be read');
    const { answer, reason } = read.output;
    return { answer, reason: Array.from(reason).slice(0, MAX_REASON_LENGTH).join('') };
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return wait(error.message);
  }
}

const wait = (reason: string): GateAnswer => ({ answer: 'wait', reason });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

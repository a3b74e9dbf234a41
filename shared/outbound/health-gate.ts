import * as v from 'valibot';
import { LatchkeyError } from '../domain/model/errors.ts';
import type { WebhookSecret } from '../contract/webhook-secret.ts';
import type { GateAnswer, HealthGate, Log } from '../domain/model/ports.ts';
import type { After, HttpAnswer } from './http.ts';
import { signedPost } from './signed-post.ts';
import type { Sockets } from './sockets.ts';

/** Our own choice: an answer is one word and a reason. */
const MAX_ANSWER_BYTES = 4_096;
/** Our own choice: the reason is stored with the rollout and shown to people. */
const MAX_REASON_LENGTH = 200;

export interface HealthGateOptions {
  /** https, or plain http for a loopback host. With path and query. */
  readonly url: string;
  readonly secret: WebhookSecret;
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

const AnswerText = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    answer: v.picklist(['go', 'wait', 'halt']),
    reason: v.optional(v.string(), ''),
  }),
);

/**
 * Asks a health gate over HTTP: one signed `POST` of `latchkey.gate/1`, never repeated. The gate must answer
 * with status 200 and `{"answer": "go" | "wait" | "halt", "reason"?: "…"}` in at most 4,096 bytes. Anything
 * else counts as `wait`.
 *
 * @throws {TypeError} for a URL that must not be used
 */
export function httpHealthGate(options: HealthGateOptions): HealthGate {
  const { url, secret, timeoutMs, sockets, after, nowMs, newId, log } = options;
  const post = signedPost({
    url,
    secrets: [secret],
    deadlineMs: timeoutMs,
    maxAnswerBytes: MAX_ANSWER_BYTES,
    sockets,
    after,
  });
  return {
    async ask({ rolloutId, phase, wave, instanceIds }) {
      const sinceMs = nowMs();
      const question = { schema: 'latchkey.gate/1', rolloutId, phase, wave, instanceIds };
      const answer = await answerOf(post(newId(), sinceMs, question));
      const level = answer.answer === 'go' ? 'info' : 'warn';
      log(level, 'gate', { rolloutId, phase, wave, ...answer, tookMs: nowMs() - sinceMs });
      return answer;
    },
  };
}

async function answerOf(posted: Promise<HttpAnswer>): Promise<GateAnswer> {
  try {
    const { status, body } = await posted;
    if (status !== 200) return wait(`The gate answered with HTTP status ${status}`);
    const read = v.safeParse(AnswerText, body.toString('utf8'));
    if (!read.success) return wait('The gate gave no answer that can be read');
    const { answer, reason } = read.output;
    return { answer, reason: Array.from(reason).slice(0, MAX_REASON_LENGTH).join('') };
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return wait(error.message);
  }
}

const wait = (reason: string): GateAnswer => ({ answer: 'wait', reason });

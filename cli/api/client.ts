import type { WebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { signWebhook } from '../../shared/contract/webhook-signature.ts';
import { CliError, EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { type HttpAnswer, NoAnswerError } from './http.ts';
import { type Problem, problemOf } from './problem.ts';

/** Latchkey, as a signed caller. Every method throws `Refusal`, and `CliError` for no answer. */
export interface Api {
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
  /**
   * @param id what a repetition is recognised by: the same body under the same id is done once
   */
  post(path: string, body: object, id: string): Promise<unknown>;
}

/** An answer that is a refusal, with all that it says. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly problem: Problem;
  /** Under which id it was asked; '' for a GET, which has none that matters. */
  readonly id: string;

  constructor(problem: Problem, id: string) {
    super(problem.detail);
    this.problem = problem;
    this.id = id;
  }
}

export interface ApiOptions {
  /** Protocol, host and port. */
  readonly url: string;
  readonly secret: WebhookSecret;
}

/** The functions answer within 60 s (s.yaml). */
const TIMEOUT_MS = 75_000;
/** Our own choice, as is the pause between them where the service names none. */
const MAX_TRIES = 3;
const PAUSES_MS = [1_000, 3_000];
/** Whoever is told to wait longer decides for themselves: our own choice. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Signs each try anew, and repeats it under the same id where that can help: when there was no answer,
 * or one that is for now only. So nothing is done twice.
 *
 * @param say is told of each repetition
 */
export function apiClient(
  { url, secret }: ApiOptions,
  io: Pick<Io, 'nowMs' | 'pause' | 'http' | 'newId'>,
  say: (text: string) => void,
): Api {
  const { nowMs, pause, http, newId } = io;

  async function once(method: 'GET' | 'POST', path: string, body: string | undefined, id: string) {
    const signed = signWebhook({
      secret,
      id,
      timestampSec: Math.floor(nowMs() / 1_000),
      body: body ?? `GET ${path}`,
    });
    const headers = { ...signed, 'content-type': 'application/json' };
    return http({ method, url: `${url}${path}`, headers, body, timeoutMs: TIMEOUT_MS });
  }

  async function send(method: 'GET' | 'POST', path: string, body: string | undefined, id: string) {
    for (let tries = 1; ; tries++) {
      let waitMs: number | undefined;
      let failure: Error;
      try {
        const answer = await once(method, path, body, id);
        const value = valueOf(answer);
        if (answer.status >= 200 && answer.status < 300 && value !== undefined) return value;
        const problem = problemOf(answer, value);
        failure = new Refusal(problem, method === 'POST' ? id : '');
        if (!problem.isPassing) throw failure;
        waitMs = problem.retryAfterMs;
      } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        failure = error;
      }
      waitMs ??= PAUSES_MS[tries - 1] ?? PAUSES_MS.at(-1)!;
      if (tries === MAX_TRIES || waitMs > LONGEST_WAIT_MS) throw endOf(failure, url, method, id);
      say(`${failure.message}: again in ${Math.ceil(waitMs / 1_000)} s`);
      await pause(waitMs);
    }
  }

  return {
    get: (path, query = {}) => send('GET', `${path}${queryText(query)}`, undefined, newId()),
    post: (path, body, id) => send('POST', path, JSON.stringify(body), id),
  };
}

/** As it is signed: docs/http.md, "Signing". */
function queryText(query: Readonly<Record<string, string>>): string {
  const parts = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return parts.length === 0 ? '' : `?${parts.toSorted().join('&')}`;
}

/** undefined when it is no JSON. */
function valueOf({ body }: HttpAnswer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function endOf(failure: Error, url: string, method: string, id: string): Error {
  if (!(failure instanceof NoAnswerError)) return failure;
  const isInDoubt = method === 'POST' && !failure.nothingDone;
  return new CliError(EXIT.unreachable, `Cannot reach "${url}": ${failure.message}`, {
    cause: failure,
    lines: isInDoubt ? [mayBeDone(id)] : [],
  });
}

/** For who does not know whether a request was carried out. */
export function mayBeDone(id: string): string {
  return `it may have been done all the same: the same again with --id ${id} does it once`;
}

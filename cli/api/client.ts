import type { WebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { signWebhook } from '../../shared/contract/webhook-signature.ts';
import { CliError, EXIT } from '../exit.ts';
import { type Http, type HttpAnswer, NoAnswerError } from './http.ts';
import { type Problem, problemOf } from './problem.ts';
import { read, RolloutView } from './views.ts';

/** Signed calls to Latchkey. Every method throws `Refusal`, and `CliError` when there is no answer. */
export interface Api {
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
  /** @param id the same body under the same id is carried out once */
  post(path: string, body: object, id: string): Promise<unknown>;
}

/** Latchkey refused the request. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly problem: Problem;
  /** The `webhook-id` of a POST; '' for a GET, which changes nothing. */
  readonly id: string;

  constructor(problem: Problem, id: string) {
    super(problem.detail);
    this.problem = problem;
    this.id = id;
  }
}

interface ClientPorts {
  readonly http: Http;
  readonly nowMs: () => number;
  pause(ms: number): Promise<void>;
  /** Returns a unique id. */
  newId(): string;
}

export interface Endpoint {
  /** Protocol, host and port. */
  readonly url: string;
  readonly secret: WebhookSecret;
}

interface SignedCall {
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly body: string | undefined;
  readonly id: string;
  readonly timeoutMs: number;
}

/** Signs one request and sends it once. @throws {NoAnswerError} */
export function sendSigned(
  { url, secret }: Endpoint,
  { method, path, body, id, timeoutMs }: SignedCall,
  { http, nowMs }: Pick<ClientPorts, 'http' | 'nowMs'>,
): Promise<HttpAnswer> {
  const timestampSec = Math.floor(nowMs() / 1_000);
  const signed = signWebhook({ secret, id, timestampSec, body: body ?? `GET ${path}` });
  const headers = { ...signed, 'content-type': 'application/json' };
  return http({ method, url: `${url}${path}`, headers, body, timeoutMs });
}

/** The functions answer within 60 s (s.yaml). */
const TIMEOUT_MS = 75_000;
const MAX_TRIES = 3; // our own choice
/** Pauses between tries when the service names none: our own choice. */
const PAUSES_MS = [1_000, 3_000];
/** A longer `Retry-After` is left to the user: our own choice. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Retries temporary failures under the same id, so that nothing is done twice. Each try is signed anew.
 *
 * @param say called with a message before each retry
 */
export function apiClient(
  endpoint: Endpoint,
  ports: ClientPorts,
  say: (text: string) => void,
): Api {
  async function send(method: 'GET' | 'POST', path: string, body: string | undefined, id: string) {
    for (let tries = 1; ; tries++) {
      let waitMs: number | undefined;
      let failure: Error;
      try {
        const answer = await sendSigned(
          endpoint,
          { method, path, body, id, timeoutMs: TIMEOUT_MS },
          ports,
        );
        const value = jsonOf(answer);
        if (answer.status >= 200 && answer.status < 300 && value !== undefined) return value;
        const problem = problemOf(answer, value);
        failure = new Refusal(problem, method === 'POST' ? id : '');
        if (!problem.isTemporary) throw failure;
        waitMs = problem.retryAfterMs;
      } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        failure = error;
      }
      waitMs ??= PAUSES_MS[tries - 1] ?? PAUSES_MS.at(-1)!;
      if (tries === MAX_TRIES || waitMs > LONGEST_WAIT_MS) {
        throw finalError(failure, endpoint.url, method, id);
      }
      say(`${failure.message}: trying again in ${Math.ceil(waitMs / 1_000)} s`);
      await ports.pause(waitMs);
    }
  }

  return {
    get: (path, query = {}) => send('GET', `${path}${queryText(query)}`, undefined, ports.newId()),
    post: (path, body, id) => send('POST', path, JSON.stringify(body), id),
  };
}

/** Sorted, because the signature covers it: docs/http.md, "Signing". */
function queryText(query: Readonly<Record<string, string>>): string {
  const parts = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return parts.length === 0 ? '' : `?${parts.toSorted().join('&')}`;
}

/** Undefined for a body that is not JSON. */
function jsonOf({ body }: HttpAnswer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function finalError(failure: Error, url: string, method: string, id: string): Error {
  if (!(failure instanceof NoAnswerError)) return failure;
  const isInDoubt = method === 'POST' && !failure.nothingDone;
  return new CliError(EXIT.unreachable, `Cannot reach "${url}": ${failure.message}`, {
    cause: failure,
    lines: isInDoubt ? [howToRepeat(id)] : [],
  });
}

/** A hint for a request whose outcome is unknown. */
export function howToRepeat(id: string): string {
  return `the request may have been carried out: repeat it with --id ${id}, and it is done only once`;
}

export async function getRollout(rolloutId: string, api: Api): Promise<RolloutView> {
  return read(RolloutView, await api.get(`/rollouts/${rolloutId}`), 'the rollout');
}

export async function postRollout(
  path: string,
  body: object,
  id: string,
  api: Api,
): Promise<RolloutView> {
  return read(RolloutView, await api.post(path, body, id), 'the rollout');
}

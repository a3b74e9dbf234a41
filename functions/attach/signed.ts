import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { HttpRequest } from '../../shared/inbound/fc.ts';
import { verifyWebhook } from '../../shared/contract/webhook-signature.ts';
import type { Caller, Client } from './client.ts';

/** Every method that any route takes. */
export const METHODS: readonly string[] = ['GET', 'POST'];

/** Largest body that is read: our own choice. A request with 1,000 ids needs 25 KB. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Checks what can be seen without reading anything: method, content type, size. Says the same
 * whatever the path is, because it is said to strangers.
 *
 * @throws {LatchkeyError} `method-not-allowed`, `unsupported-media-type` or `too-large`: the first
 */
export function checkForm({ method, headers, body }: HttpRequest): void {
  if (!METHODS.includes(method)) {
    const known = METHODS.join(' and ');
    throw new LatchkeyError(
      'method-not-allowed',
      `Cannot ${method.slice(0, 10)}: only ${known} are served`,
    );
  }
  const type = headers['content-type'] ?? '';
  if (method === 'POST' && !/^application\/json\s*(;|$)/i.test(type)) {
    throw new LatchkeyError(
      'unsupported-media-type',
      `Cannot read content type "${type.slice(0, 100)}": it must be application/json`,
    );
  }
  const bytes = Math.max(body.length, ...declaredBytes(headers['content-length']));
  if (bytes > MAX_BODY_BYTES) {
    throw new LatchkeyError(
      'too-large',
      `Cannot read a body of ${bytes} bytes: at most ${MAX_BODY_BYTES} are read`,
    );
  }
}

/** A length that was sent twice is two, joined by the platform. */
function declaredBytes(header = ''): number[] {
  return header
    .split(',')
    .slice(0, 10)
    .map((length) => Number(length) || 0);
}

/**
 * Checks that one of the clients signed the request, before anything of it is read.
 *
 * @throws {LatchkeyError} `unsigned`, the same whatever is wrong
 */
export function callerOf(
  request: HttpRequest,
  options: { readonly clients: readonly Client[]; readonly nowMs: number },
): Caller {
  const { clients, nowMs } = options;
  const body = request.method === 'POST' ? request.body : Buffer.from(signedTextOf(request));
  const keys = clients.flatMap(({ rule, secrets }) => secrets.map((secret) => ({ rule, secret })));
  const secrets = keys.map(({ secret }) => secret);
  const { id, secretIndex } = verifyWebhook({ headers: request.headers, body, secrets, nowMs });
  return { client: keys[secretIndex]!.rule, requestId: id };
}

/**
 * What a request without a body signs instead: `GET <path>`, and `?<query>` where there is one, its
 * parameters percent-encoded and sorted, because the platform gives them without an order.
 */
function signedTextOf({ method, rawPath, query }: HttpRequest): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  return `${method} ${rawPath}${pairs.length === 0 ? '' : `?${pairs.toSorted().join('&')}`}`;
}

/** Halves of characters become the replacement character: nothing else can be encoded. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString('utf8'));
}

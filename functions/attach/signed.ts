import { LatchkeyError } from '../../shared/domain/errors.ts';
import type { HttpRequest } from '../../shared/inbound/fc.ts';
import type { WebhookSecret } from '../../shared/inbound/webhook-secret.ts';
import { verifyWebhook } from '../../shared/inbound/webhook-signature.ts';

/** Largest body that is read: 1,000 ids need 25 KB. Our own choice, facts: chatops-security §8.3. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Checks that somebody who may signed the request, before anything of it is read.
 *
 * @returns its `webhook-id`
 * @throws {LatchkeyError} `unsigned`; with a body also `unsupported-media-type` and `too-large`
 */
export function checkSigned(
  request: HttpRequest,
  options: { readonly secrets: readonly WebhookSecret[]; readonly nowMs: number },
): string {
  const hasBody = request.method === 'POST';
  if (hasBody) checkBody(request);
  const body = hasBody ? request.body : Buffer.from(signedTextOf(request));
  return verifyWebhook({ headers: request.headers, body, ...options }).id;
}

/**
 * What a request without a body signs instead: `GET <path>`, and `?<query>` where there is one, its
 * parameters percent-encoded and sorted, because the platform gives them without an order.
 */
function signedTextOf({ method, rawPath, query }: HttpRequest): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return `${method} ${rawPath}${pairs.length === 0 ? '' : `?${pairs.toSorted().join('&')}`}`;
}

function checkBody({ headers, body }: HttpRequest): void {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new LatchkeyError(
      'unsupported-media-type',
      `Cannot read content type "${type.slice(0, 100)}": it must be application/json`,
    );
  }
  const bytes = Math.max(body.length, Number(headers['content-length'] ?? 0) || 0);
  if (bytes > MAX_BODY_BYTES) {
    throw new LatchkeyError(
      'too-large',
      `Cannot read a body of ${bytes} bytes: at most ${MAX_BODY_BYTES} are read`,
    );
  }
}

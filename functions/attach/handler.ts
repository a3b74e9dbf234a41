import { ask, type AskPorts } from '../../shared/domain/ask.ts';
import { LatchkeyError } from '../../shared/domain/errors.ts';
import { ROLLOUT_ID } from '../../shared/domain/rollout-id.ts';
import {
  bugProblem,
  type FcContext,
  type HttpReply,
  type HttpRequest,
  json,
  problem,
  readHttpEvent,
} from '../../shared/inbound/fc.ts';
import { invocationOf } from '../../shared/inbound/invocation.ts';
import { parseRolloutRequest } from '../../shared/inbound/rollout-request.ts';
import type { WebhookSecret } from '../../shared/inbound/webhook-secret.ts';
import { verifyWebhook } from '../../shared/inbound/webhook-signature.ts';
import { methodsOf, routeOf } from './routes.ts';
import { viewPlan, viewRollout } from './view.ts';

/** Largest body that is read: 1,000 ids need 25 KB. Our own choice, facts: chatops-security §8.3. */
const MAX_BODY_BYTES = 64 * 1024;

/** Until policies tell clients apart, whoever holds a secret is this one. */
const CLIENT = 'webhook';

export interface Ports extends AskPorts {
  readonly regionId: string;
  /** Any of them signs: several while they are rotated. */
  readonly secrets: readonly WebhookSecret[];
}

/**
 * The webhook. Answers every request, whatever it is: what a client did wrong as problem details,
 * a bug of ours as a 500 that tells nothing but where to look.
 */
export function makeHandler(ports: Ports) {
  return async (bytes: Uint8Array, context: FcContext): Promise<HttpReply> => {
    const { clock, log } = ports;
    const startedMs = clock.nowMs();
    let path = '';
    try {
      const request = readHttpEvent(bytes);
      path = request.path;
      const reply = await answer(request, context, startedMs, ports);
      const tookMs = clock.nowMs() - startedMs;
      log('info', 'answered', { method: request.method, path, status: reply.statusCode, tookMs });
      return reply;
    } catch (error) {
      if (!(error instanceof LatchkeyError)) {
        log('error', 'bug', { path, error });
        return bugProblem(context.requestId);
      }
      log(error.traits.status < 500 ? 'info' : 'error', 'refused', { path, error });
      const headers = error.code === 'method-not-allowed' ? allow(path) : {};
      return problem(error, { nowMs: clock.nowMs(), instance: context.requestId, headers });
    }
  };
}

function allow(path: string): Record<string, string> {
  return { allow: methodsOf(path).join(', ') };
}

async function answer(
  request: HttpRequest,
  context: FcContext,
  startedMs: number,
  ports: Ports,
): Promise<HttpReply> {
  const route = routeOf(request);
  switch (route.kind) {
    case 'health':
      return json(200, { status: 'ok' });
    case 'see': {
      const signed = Buffer.from(signedTextOf(request));
      verifyWebhook({ ...request, body: signed, secrets: ports.secrets, nowMs: startedMs });
      const rollout = ROLLOUT_ID.test(route.rolloutId)
        ? await ports.rollouts.load(route.rolloutId)
        : undefined;
      if (rollout !== undefined) return json(200, viewRollout(rollout));
      const detail = `"${route.rolloutId.slice(0, 100)}": no such rollout`;
      throw new LatchkeyError('not-found', `Cannot show ${detail}`);
    }
    case 'ask': {
      checkBody(request);
      const { id } = verifyWebhook({ ...request, secrets: ports.secrets, nowMs: startedMs });
      const wanted = parseRolloutRequest(request.body, ports);
      const origin = {
        door: 'webhook' as const,
        client: CLIENT,
        idempotencyKey: id,
        bodyDigest: Buffer.from(ports.sha256(request.body.toString('utf8'))).toString('hex'),
      };
      const given = await ask(wanted, origin, ports, invocationOf(context, startedMs));
      if (given.kind === 'dry-run') return json(200, viewPlan(given.plan));
      return json(given.rollout.phase === 'done' ? 200 : 202, viewRollout(given.rollout));
    }
  }
}

/** What a request without a body signs instead: `GET <path>`, and `?<query>` where there is one. */
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

import { type Answer, ask, type AskPorts } from '../../shared/domain/ask.ts';
import { LatchkeyError } from '../../shared/domain/errors.ts';
import { ROLLOUT_ID } from '../../shared/domain/rollout-id.ts';
import type { Origin } from '../../shared/domain/request.ts';
import type { Rollout } from '../../shared/domain/rollout.ts';
import { undo } from '../../shared/domain/undo.ts';
import {
  parseCommand,
  parseGo,
  parseStop,
  parseUndo,
} from '../../shared/inbound/control-request.ts';
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
import { parseListQuery } from '../../shared/inbound/list-query.ts';
import { parseRolloutRequest } from '../../shared/inbound/rollout-request.ts';
import type { WebhookSecret } from '../../shared/inbound/webhook-secret.ts';
import { obeyCommand } from './control.ts';
import { listRollouts } from './list.ts';
import { methodsOf, routeOf } from './routes.ts';
import { checkSigned } from './signed.ts';
import { letGo, seeStop, stopAll } from './stop.ts';
import { viewPlan, viewRollout } from './view.ts';

/** Until policies tell clients apart, whoever holds a secret is this one. */
const CLIENT = 'webhook';

export interface Ports extends AskPorts {
  readonly regionId: string;
  /** Whether an undo may leave an instance without a key pair. */
  readonly allowDetach: boolean;
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
  if (route.kind === 'health') return json(200, { status: 'ok' });
  const id = checkSigned(request, { secrets: ports.secrets, nowMs: startedMs });
  const by = `${CLIENT} ${id}`;
  const invocation = invocationOf(context, startedMs);
  const view = (rollout: Rollout) =>
    viewRollout(rollout, { nowMs: ports.clock.nowMs(), hasGate: ports.gate !== null });
  switch (route.kind) {
    case 'list':
      return json(200, await listRollouts(parseListQuery(request.query), ports.rollouts));
    case 'see':
      return json(200, view(await load(route.rolloutId, 'show', ports)));
    case 'control': {
      const command = parseCommand(request.body, route);
      const rollout = await load(route.rolloutId, route.action, ports);
      return json(200, view(await obeyCommand(rollout, command, by, ports, invocation)));
    }
    case 'undo': {
      const { dryRun } = parseUndo(request.body, route.rolloutId);
      await load(route.rolloutId, 'undo', ports);
      const options = { dryRun, allowDetach: ports.allowDetach };
      const origin = originOf(request, id, ports);
      return answered(await undo(route.rolloutId, origin, options, ports, invocation), view);
    }
    case 'stop':
      return json(200, await stopAll(by, parseStop(request.body).reason, ports));
    case 'see-stop':
      return json(200, await seeStop(ports));
    case 'go':
      parseGo(request.body);
      return json(200, await letGo(ports));
    case 'ask': {
      const wanted = parseRolloutRequest(request.body, ports);
      const origin = originOf(request, id, ports);
      return answered(await ask(wanted, origin, ports, invocation), view);
    }
  }
}

function originOf({ body }: HttpRequest, idempotencyKey: string, { sha256 }: Ports): Origin {
  const bodyDigest = Buffer.from(sha256(body.toString('utf8'))).toString('hex');
  return { door: 'webhook', client: CLIENT, idempotencyKey, bodyDigest };
}

function answered(given: Answer, view: (rollout: Rollout) => object): HttpReply {
  if (given.kind === 'dry-run') return json(200, viewPlan(given.plan, given.request));
  return json(given.rollout.phase === 'done' ? 200 : 202, view(given.rollout));
}

async function load(rolloutId: string, verb: string, { rollouts }: Ports): Promise<Rollout> {
  const rollout = ROLLOUT_ID.test(rolloutId) ? await rollouts.load(rolloutId) : undefined;
  if (rollout !== undefined) return rollout;
  const detail = `"${rolloutId.slice(0, 100)}": no such rollout`;
  throw new LatchkeyError('not-found', `Cannot ${verb} ${detail}`);
}

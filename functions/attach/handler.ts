import { createHash } from 'node:crypto';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { permit } from '../../shared/domain/policy/permit.ts';
import type { Log } from '../../shared/domain/model/ports.ts';
import {
  type FcContext,
  type HttpReply,
  type HttpRequest,
  json,
  readHttpEvent,
} from '../../shared/inbound/fc.ts';
import { answerHttp } from '../../shared/inbound/answer-http.ts';
import { invocationOf } from '../../shared/inbound/invocation.ts';
import { isConsole } from '../../shared/inbound/console/page.ts';
import type { Asked } from './asked.ts';
import type { Caller, Client } from './client.ts';
import type { Console } from './console.ts';
import { consoleBehind, type ConsoleDoor, show } from './look.ts';
import { isHealthCheck, methodsOf, routeOf } from './router.ts';
import type { ServePorts } from './serve-ports.ts';
import { callerOf, checkForm, METHODS } from './signed.ts';

export interface Ports extends ServePorts {
  readonly regionId: string;
  /** Everybody who may ask for anything; nobody else learns anything. */
  readonly clients: readonly Client[];
  /** Left out where the policy has no console: the page is then not there. */
  readonly console?: ConsoleDoor;
}

interface Wired extends Ports {
  readonly openConsole: (() => Promise<Console>) | undefined;
}

/** Longest path that a log line repeats: our own choice, it may be a stranger's. */
const MAX_LOGGED_PATH = 200;

/** The webhook and the console. */
export function makeHandler(ports: Ports) {
  const wired: Wired = { ...ports, openConsole: ports.console && consoleBehind(ports.console) };
  return (bytes: Uint8Array, context: FcContext): Promise<HttpReply> => {
    const { requestId } = context;
    const seen: Seen = {};
    const log: Log = (level, event, fields) => {
      ports.log(level, event, { requestId, ...about(seen), ...fields });
    };
    const headersOf = (error: LatchkeyError) => headersFor(error, seen);
    return answerHttp({ requestId, clock: ports.clock, log, whyOf, headersOf }, (startedMs) =>
      answer(bytes, context, startedMs, wired, seen),
    );
  };
}

/** What is known of a request so far. */
interface Seen {
  request?: HttpRequest;
  caller?: Caller;
  /** Who looks at the console. */
  operator?: string | undefined;
  /** What the answer has whatever it is. */
  headers?: Readonly<Record<string, string>>;
}

/** The order of the checks is that of docs/http.md: nothing is read for a stranger. */
async function answer(
  bytes: Uint8Array,
  context: FcContext,
  startedMs: number,
  ports: Wired,
  seen: Seen,
): Promise<HttpReply> {
  const request = (seen.request = readHttpEvent(bytes));
  checkForm(request);
  if (isHealthCheck(request)) return json(200, { status: 'ok' });
  const { clients, openConsole, regionId } = ports;
  if (openConsole && request.method === 'GET' && isConsole(request.path)) {
    return showConsole(request, await openConsole(), ports, seen);
  }
  const caller = (seen.caller = callerOf(request, { clients, nowMs: startedMs }));
  const { route, rolloutId } = routeOf(request);
  const asked = await take(request, caller, ports);
  const wanted = route.read({ ...request, rolloutId, regionId });
  permit(caller.client, route.action);
  return route.do(wanted, ports, asked, invocationOf(context, startedMs));
}

/** For people who have signed in. */
async function showConsole(
  request: HttpRequest,
  page: Console,
  ports: Ports,
  seen: Seen,
): Promise<HttpReply> {
  seen.headers = page.headers;
  const look = await page.look(request, ports.clock.nowMs());
  seen.operator = look.operator;
  const reply = await show(look, request, ports);
  return { ...reply, headers: { ...page.headers, ...reply.headers } };
}

/**
 * Takes the id of whatever may change something, before a byte of it is read. The same id with the
 * same bytes is the same request: a body says for which route it is, so that needs no place here.
 *
 * @throws {LatchkeyError} `conflict` when other bytes came in under it
 */
async function take(
  { method, body }: HttpRequest,
  caller: Caller,
  { ledger }: Ports,
): Promise<Asked> {
  const bodyDigest = createHash('sha256').update(body).digest('hex');
  if (method !== 'POST') return { caller, bodyDigest, isDone: false };
  const { client, requestId } = caller;
  const state = await ledger.take(client.id, requestId, bodyDigest);
  if (state !== 'another') return { caller, bodyDigest, isDone: state === 'done' };
  throw new LatchkeyError(
    'conflict',
    `Cannot accept "${requestId}": another request came in under this id`,
  );
}

function headersFor(
  { code }: LatchkeyError,
  { request, headers = {} }: Seen,
): Readonly<Record<string, string>> {
  if (code !== 'method-not-allowed' || request === undefined) return headers;
  // A stranger is told what the whole service takes, and only a client what the path does.
  const methods = METHODS.includes(request.method) ? methodsOf(request.path) : METHODS;
  return { allow: methods.join(', ') };
}

function about({ request, caller, operator }: Seen): Record<string, unknown> {
  return {
    method: request?.method.slice(0, 10),
    path: request?.path.slice(0, MAX_LOGGED_PATH),
    sourceIp: request?.sourceIp,
    client: caller?.client.id,
    webhookId: caller?.requestId,
    operator,
  };
}

/** These two messages repeat what the client wrote, which stays out of the log. */
function whyOf({ code, message }: LatchkeyError): string | undefined {
  return code === 'bad-request' || code === 'not-valid' ? undefined : message;
}

import { LatchkeyError } from '../../shared/domain/errors.ts';
import type { HttpReply, HttpRequest } from '../../shared/inbound/fc.ts';
import { type JwtKey, subjectOf } from '../../shared/inbound/jwt.ts';
import { routeOf, type SeenRoute } from './routes.ts';

/** Who may look at the page. */
export interface ConsoleDoor {
  readonly keys: readonly JwtKey[];
  readonly issuer: string;
  readonly audience: string;
  /** What the browser carries the token in. */
  readonly cookie: string;
  /** Subjects of tokens. */
  readonly operators: readonly string[];
}

/** The page's files, by name. They lie beside the bundle: nothing of them is read at a cold start. */
export type ReadConsoleFile = (name: string) => string | undefined;

const PAGE = '/console/';
const API = '/console/api';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** Nothing from anywhere else, nothing inline, and in nobody's frame. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

export function isConsole({ method, path }: Pick<HttpRequest, 'method' | 'path'>): boolean {
  return method === 'GET' && (path === '/console' || path.startsWith(PAGE));
}

/**
 * Whom the request's token speaks for, as long as the policy lets them look.
 *
 * The function checks the token itself, whatever stands before it: a gateway that checks it too can be
 * taken away by a change of one line, and then claims in headers would be anybody's.
 *
 * @param door null: the policy has no console
 * @throws {LatchkeyError} `unsigned`, the same whatever is wrong; `forbidden` for a stranger whose token
 * is in order
 */
export function operatorOf(
  { headers }: Pick<HttpRequest, 'headers'>,
  door: ConsoleDoor | null,
  nowMs: number,
): string {
  const token = door === null ? '' : tokenIn(headers, door.cookie);
  const subject = door === null ? undefined : subjectOf(token, { ...door, nowMs });
  if (door === null || subject === undefined) {
    throw new LatchkeyError('unsigned', 'Cannot show the console: sign in first');
  }
  if (door.operators.includes(subject)) return subject;
  throw new LatchkeyError('forbidden', 'Cannot show the console: the policy does not name you');
}

function tokenIn(headers: HttpRequest['headers'], cookie: string): string {
  const bearer = /^Bearer ([A-Za-z0-9._-]+)$/.exec(headers['authorization'] ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  for (const pair of (headers['cookie'] ?? '').split(';')) {
    const [name, value = ''] = pair.trim().split('=', 2);
    if (name === cookie) return value;
  }
  return '';
}

/**
 * @returns the file or, for what the page asks of the API, the route to serve
 * @throws {LatchkeyError} `not-found`
 */
export function consoleAnswer(path: string, read: ReadConsoleFile): HttpReply | SeenRoute {
  // Its files name each other relative to this.
  if (path === '/console') return reply(308, { ...HEADERS, location: PAGE }, '');
  if (path.startsWith(`${API}/`)) return apiRoute(path.slice(API.length));
  const name = path === PAGE ? 'index.html' : path.slice(PAGE.length);
  const type = /^[a-z][a-z-]*\.(html|css|js)$/.exec(name)?.[1];
  const text = type === undefined ? undefined : read(name);
  if (text === undefined) throw notFound(path);
  return reply(200, { ...HEADERS, 'content-type': TYPES[type!]! }, text);
}

export function isReply(answer: HttpReply | SeenRoute): answer is HttpReply {
  return 'statusCode' in answer;
}

function apiRoute(path: string): SeenRoute {
  const route = routeOf({ method: 'GET', path });
  switch (route.kind) {
    case 'list':
    case 'see':
    case 'see-stop':
    case 'describe':
      return route;
    case 'ask':
    case 'undo':
    case 'stop':
    case 'go':
    case 'control':
      throw notFound(path);
  }
}

function notFound(path: string): LatchkeyError {
  return new LatchkeyError('not-found', `Cannot show "${path.slice(0, 100)}": no such page`);
}

function reply(statusCode: number, headers: HttpReply['headers'], body: string): HttpReply {
  return { statusCode, headers, isBase64Encoded: false, body };
}

import { TrieRouter } from 'hono/router/trie-router';
import type { Command } from '../../shared/domain/model/command.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Action } from '../../shared/domain/model/policy.ts';
import type { HttpRequest } from '../../shared/inbound/fc.ts';

/** What can be asked over HTTP (design.md §6.1). */
export type Route =
  | SeenRoute
  | { readonly kind: 'ask' | 'stop' | 'go' | 'describe' }
  | { readonly kind: 'undo'; readonly rolloutId: string }
  | { readonly kind: 'control'; readonly rolloutId: string; readonly action: Command['kind'] };

/** What there is to see: all that the console page asks for. */
export type SeenRoute =
  | { readonly kind: 'list' }
  | { readonly kind: 'see-stop' }
  | { readonly kind: 'see'; readonly rolloutId: string };

type Found =
  | { readonly kind: Exclude<Route['kind'], 'control'> }
  | { readonly kind: 'control'; readonly action: Command['kind'] };

/** `Record`, so that no command is forgotten. */
const ACTIONS: Readonly<Record<Command['kind'], true>> = {
  pause: true,
  resume: true,
  abort: true,
  approve: true,
  deny: true,
  resolve: true,
};

/** Besides `GET /healthz`, which is answered before anybody is asked who it is. */
export const ROUTES: readonly [method: 'GET' | 'POST', path: string, found: Found][] = [
  ['POST', '/rollouts', { kind: 'ask' }],
  ['GET', '/rollouts', { kind: 'list' }],
  ['GET', '/rollouts/:rolloutId', { kind: 'see' }],
  ...(Object.keys(ACTIONS) as Command['kind'][]).map((action): (typeof ROUTES)[number] => [
    'POST',
    `/rollouts/:rolloutId/${action}`,
    { kind: 'control', action },
  ]),
  ['POST', '/rollouts/:rolloutId/undo', { kind: 'undo' }],
  ['POST', '/stop', { kind: 'stop' }],
  ['GET', '/stop', { kind: 'see-stop' }],
  ['POST', '/go', { kind: 'go' }],
  ['GET', '/openapi.json', { kind: 'describe' }],
];

/** Only the router of hono: its Request and Response would load undici at every cold start. */
const router = new TrieRouter<Found>();
for (const [method, path, found] of ROUTES) router.add(method, path, found);

/** What a client must be permitted to take the route. */
export function actionOf(route: Route): Action {
  switch (route.kind) {
    case 'ask':
    case 'undo':
    case 'stop':
    case 'go':
      return route.kind;
    case 'control':
      return route.action;
    case 'list':
    case 'see':
    case 'see-stop':
    case 'describe':
      return 'see';
  }
}

/** The one thing that anybody may ask. */
export function isHealthCheck({ method, path }: Pick<HttpRequest, 'method' | 'path'>): boolean {
  return method === 'GET' && path === '/healthz';
}

/** @throws {LatchkeyError} `not-found`, or `method-not-allowed` which names the methods that are */
export function routeOf({ method, path }: Pick<HttpRequest, 'method' | 'path'>): Route {
  const [match] = router.match(method, path)[0];
  if (match === undefined) throw noRoute(method, path);
  const [found, params] = match;
  const rolloutId = String((params as Record<string, string>)['rolloutId']);
  switch (found.kind) {
    case 'see':
    case 'undo':
      return { kind: found.kind, rolloutId };
    case 'control':
      return { kind: found.kind, rolloutId, action: found.action };
    case 'ask':
    case 'list':
    case 'stop':
    case 'go':
    case 'see-stop':
    case 'describe':
      return { kind: found.kind };
  }
}

/** The methods that the path takes. */
export function methodsOf(path: string): string[] {
  const methods = new Set(ROUTES.map(([method]) => method));
  return [...methods].filter((method) => router.match(method, path)[0].length > 0);
}

function noRoute(method: string, path: string): LatchkeyError {
  const allowed = methodsOf(path);
  if (allowed.length === 0) {
    return new LatchkeyError('not-found', `Cannot find "${path.slice(0, 100)}": no such route`);
  }
  return new LatchkeyError(
    'method-not-allowed',
    `Cannot ${method.slice(0, 10)} "${path.slice(0, 100)}": it takes ${allowed.join(', ')}`,
  );
}

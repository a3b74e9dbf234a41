import { TrieRouter } from 'hono/router/trie-router';
import { LatchkeyError } from '../../shared/domain/errors.ts';
import type { HttpRequest } from '../../shared/inbound/fc.ts';

/** What can be asked over HTTP (design.md §6.1). */
export type Route =
  | { readonly kind: 'ask' }
  | { readonly kind: 'see'; readonly rolloutId: string }
  | { readonly kind: 'health' };

const ROUTES: readonly [method: string, path: string, kind: Route['kind']][] = [
  ['POST', '/rollouts', 'ask'],
  ['GET', '/rollouts/:rolloutId', 'see'],
  ['GET', '/healthz', 'health'],
];

/** Only the router of hono: its Request and Response would load undici at every cold start. */
const router = new TrieRouter<Route['kind']>();
for (const [method, path, kind] of ROUTES) router.add(method, path, kind);

/** @throws {LatchkeyError} `not-found`, or `method-not-allowed` which names the methods that are */
export function routeOf({ method, path }: Pick<HttpRequest, 'method' | 'path'>): Route {
  const [found] = router.match(method, path)[0];
  if (found === undefined) throw noRoute(method, path);
  const [kind, params] = found;
  switch (kind) {
    case 'see':
      return { kind, rolloutId: String((params as Record<string, string>)['rolloutId']) };
    case 'ask':
    case 'health':
      return { kind };
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

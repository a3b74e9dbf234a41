import { TrieRouter } from 'hono/router/trie-router';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { HttpRequest } from '../../shared/inbound/fc.ts';
import { askRoute } from './routes/ask.ts';
import { controlRoutes } from './routes/control.ts';
import { describeRoute } from './routes/describe.ts';
import { goRoute } from './routes/go.ts';
import { listRoute } from './routes/list.ts';
import type { Route } from './routes/route.ts';
import { seeStopRoute } from './routes/see-stop.ts';
import { seeRoute } from './routes/see.ts';
import { stopRoute } from './routes/stop.ts';
import { undoRoute } from './routes/undo.ts';

/** Besides `GET /healthz`, which is answered before anybody is asked who it is. */
export const ROUTES: readonly Route[] = [
  askRoute,
  listRoute,
  seeRoute,
  ...controlRoutes,
  undoRoute,
  stopRoute,
  seeStopRoute,
  goRoute,
  describeRoute,
];

/** Only the router of hono: its Request and Response would load undici at every cold start. */
const router = new TrieRouter<Route>();
for (const route of ROUTES) router.add(route.method, route.path, route);

/** The one thing that anybody may ask. */
export function isHealthCheck({ method, path }: Pick<HttpRequest, 'method' | 'path'>): boolean {
  return method === 'GET' && path === '/healthz';
}

/**
 * The route, and the rollout that the path names, '' for none.
 *
 * @throws {LatchkeyError} `not-found`, or `method-not-allowed` which names the methods that are
 */
export function routeOf({ method, path }: Pick<HttpRequest, 'method' | 'path'>): {
  readonly route: Route;
  readonly rolloutId: string;
} {
  const [match] = router.match(method, path)[0];
  if (match === undefined) throw noRoute(method, path);
  const [route, params] = match;
  return { route, rolloutId: (params as Record<string, string>)['rolloutId'] ?? '' };
}

/** The methods that the path takes. */
export function methodsOf(path: string): string[] {
  const methods = new Set(ROUTES.map(({ method }) => method));
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

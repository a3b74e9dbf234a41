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

const PATTERNS = ROUTES.map((route) => {
  const pattern = route.path.replaceAll('.', '\\.').replace(':rolloutId', '([^/]+)');
  return { route, pattern: new RegExp(`^${pattern}$`) };
});

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
  for (const { route, pattern } of PATTERNS) {
    const match = route.method === method ? pattern.exec(path) : null;
    if (match !== null) return { route, rolloutId: match[1] ?? '' };
  }
  throw noRoute(method, path);
}

/** The methods that the path takes. */
export function methodsOf(path: string): string[] {
  const taking = PATTERNS.filter(({ pattern }) => pattern.test(path));
  return [...new Set(taking.map(({ route }) => route.method))];
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

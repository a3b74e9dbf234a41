import type { Wish } from '../../shared/domain/model/command.ts';
import type { RolloutEntry } from '../../shared/domain/model/ports.ts';
import type { RolloutRequest } from '../../shared/domain/model/request.ts';
import {
  parseCommand,
  parseGo,
  parseStop,
  parseUndo,
} from '../../shared/contract/requests/control-request.ts';
import type { HttpRequest } from '../../shared/inbound/fc.ts';
import { parseListQuery } from '../../shared/contract/requests/list-query.ts';
import { parseRolloutRequest } from '../../shared/contract/requests/rollout-request.ts';
import type { Route, SeenRoute } from './routes.ts';

/** What a request is for, read whole. */
export type Wanted =
  | SeenWanted
  | { readonly kind: 'go' | 'describe' }
  | { readonly kind: 'ask'; readonly request: RolloutRequest }
  | {
      readonly kind: 'undo';
      readonly rolloutId: string;
      readonly dryRun: boolean;
      readonly breakGlass: string | null;
    }
  | { readonly kind: 'control'; readonly rolloutId: string; readonly wish: Wish }
  | { readonly kind: 'stop'; readonly reason: string };

export type SeenWanted =
  | { readonly kind: 'see-stop' }
  | { readonly kind: 'see'; readonly rolloutId: string }
  | { readonly kind: 'list'; readonly limit: number; readonly after: RolloutEntry | undefined };

/** @throws {LatchkeyError} `bad-request`, or `not-valid` with every fault */
export function readWanted(
  route: Route,
  { body, query }: HttpRequest,
  options: { readonly regionId: string },
): Wanted {
  switch (route.kind) {
    case 'ask':
      return { kind: 'ask', request: parseRolloutRequest(body, options) };
    case 'undo': {
      const { rolloutId } = route;
      return { kind: 'undo', rolloutId, ...parseUndo(body, rolloutId) };
    }
    case 'control':
      return { ...route, wish: parseCommand(body, route) };
    case 'stop':
      return { kind: 'stop', ...parseStop(body) };
    case 'go':
      parseGo(body);
      return { kind: 'go' };
    case 'describe':
      return { kind: 'describe' };
    case 'list':
    case 'see':
    case 'see-stop':
      return readSeen(route, query);
  }
}

/** @throws {LatchkeyError} `not-valid` with every fault */
export function readSeen(route: SeenRoute, query: HttpRequest['query']): SeenWanted {
  return route.kind === 'list' ? { kind: 'list', ...parseListQuery(query) } : route;
}

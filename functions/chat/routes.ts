import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { HttpRequest } from '../../shared/inbound/fc.ts';

/** What can be asked over HTTP (design.md §6.1). */
export type Route = { readonly kind: 'health' } | ChatRoute;

export type ChatRoute =
  | { readonly kind: 'slack' | 'feishu' }
  /** `secret`: the part of the path that nobody can guess, as it came. */
  | { readonly kind: 'dingtalk'; readonly secret: string };

const METHODS: readonly string[] = ['GET', 'POST'];
const DINGTALK = /^\/chat\/dingtalk\/([^/]{1,200})$/;

/**
 * A GET does nothing but say that somebody is there: links are looked at by programs.
 *
 * @throws {LatchkeyError} `not-found`, or `method-not-allowed`; neither repeats the path
 */
export function routeOf({ method, path }: Pick<HttpRequest, 'method' | 'path'>): Route {
  if (!METHODS.includes(method)) throw notAllowed(METHODS);
  if (path === '/healthz') {
    if (method !== 'GET') throw notAllowed(['GET']);
    return { kind: 'health' };
  }
  const route = chatRouteOf(path);
  if (route === undefined) {
    throw new LatchkeyError('not-found', 'Cannot find the path: no such route');
  }
  if (method !== 'POST') throw notAllowed(['POST']);
  return route;
}

function chatRouteOf(path: string): ChatRoute | undefined {
  const secret = DINGTALK.exec(path)?.[1];
  if (secret !== undefined) return { kind: 'dingtalk', secret };
  if (path === '/chat/slack') return { kind: 'slack' };
  return path === '/chat/feishu' ? { kind: 'feishu' } : undefined;
}

function notAllowed(allow: readonly string[]): LatchkeyError {
  const methods = allow.join(' and ');
  return new LatchkeyError('method-not-allowed', `Cannot do that: only ${methods} is taken here`, {
    extra: { allow },
  });
}

import { type Platform, PLATFORMS } from '../../shared/domain/model/chat.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { HttpRequest } from '../../shared/inbound/fc.ts';
import { INBOUND } from '../../shared/messengers/registry/inbound.ts';

const METHODS: readonly string[] = ['GET', 'POST'];

/**
 * Which platform the path belongs to, or whether it is the health check. GET changes nothing, because chat
 * clients fetch links to preview them.
 *
 * @throws {LatchkeyError} `not-found` or `method-not-allowed`. Neither repeats the path, which may be a secret
 */
export function routeOf({
  method,
  path,
}: Pick<HttpRequest, 'method' | 'path'>): Platform | 'health' {
  if (!METHODS.includes(method)) throw notAllowed(METHODS);
  if (path === '/healthz') {
    if (method !== 'GET') throw notAllowed(['GET']);
    return 'health';
  }
  const platform = PLATFORMS.find((one) => INBOUND[one].path.test(path));
  if (platform === undefined) throw noRoute();
  if (method !== 'POST') throw notAllowed(['POST']);
  return platform;
}

export function noRoute(): LatchkeyError {
  return new LatchkeyError('not-found', 'Cannot find the path: no such route');
}

function notAllowed(allow: readonly string[]): LatchkeyError {
  const methods = allow.join(' and ');
  return new LatchkeyError('method-not-allowed', `Cannot do that: only ${methods} is taken here`, {
    extra: { allow },
  });
}

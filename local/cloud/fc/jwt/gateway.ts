import type { VendorError } from '../../kernel/vendor-error.ts';
import type { WireRequest } from '../../../http/wire.ts';
import { accessDenied } from '../api/errors.ts';
import type { GuardedPaths, JwtConfig, TokenPlace } from './config.ts';
import { checkToken } from './token.ts';

export type Passage =
  | { readonly kind: 'passed'; readonly request: WireRequest }
  | { readonly kind: 'refused'; readonly error: VendorError };

/**
 * Checks a trigger's JWT before the function is called. The request is passed on with the claims as headers,
 * and with its token.
 *
 * Not documented, and our own choice: a refused client gets 403, as for a wrong signature; a claim that is
 * not a text becomes its JSON; a header that the client sends under the name of a claim is removed.
 */
export function passJwt(request: WireRequest, config: JwtConfig, wallMs: number): Passage {
  if (!isGuarded(request.path, config.paths)) return { kind: 'passed', request };
  const token = findToken(request, config.lookup);
  if (token === undefined) return refused('the request has no JWT');
  const verdict = checkToken(token, config.keys, wallMs);
  if (verdict.kind === 'bad') return refused(`the JWT ${verdict.why}`);
  const headers = { ...request.headers };
  for (const { claim, header } of config.claims) {
    delete headers[header];
    const value = Object.hasOwn(verdict.claims, claim) ? verdict.claims[claim] : undefined;
    if (value === undefined) continue;
    headers[header] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return { kind: 'passed', request: { ...request, headers } };
}

function refused(message: string): Passage {
  return { kind: 'refused', error: accessDenied(message) };
}

/** Returns the first token that is present. */
function findToken(request: WireRequest, places: readonly TokenPlace[]): string | undefined {
  for (const place of places) {
    const token = tokenAt(request, place);
    if (token !== undefined) return token;
  }
  return undefined;
}

function tokenAt({ headers }: WireRequest, place: TokenPlace): string | undefined {
  if (place.kind === 'cookie') return cookieNamed(place.name, headers['cookie'] ?? '');
  const value = headers[place.name];
  return value?.startsWith(place.prefix) === true ? value.slice(place.prefix.length) : undefined;
}

/** Of several cookies with one name the first counts, which is not documented. */
function cookieNamed(name: string, header: string): string | undefined {
  // RFC 6265 §4.2.1; `; ` is what separates them.
  const pair = header.split(/; */).find((each) => each.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

function isGuarded(path: string, paths: GuardedPaths): boolean {
  switch (paths.kind) {
    case 'every':
      return true;
    case 'every-but':
      return !paths.patterns.some((pattern) => matches(path, pattern));
    case 'only':
      return paths.patterns.some((pattern) => matches(path, pattern));
  }
}

function matches(path: string, pattern: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

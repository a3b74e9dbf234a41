import { verifies } from './algorithms.ts';
import type { JwtKey } from './config.ts';

export type Verdict =
  | { readonly kind: 'good'; readonly claims: Readonly<Record<string, unknown>> }
  | { readonly kind: 'bad'; readonly why: string };

/**
 * Checks a token in compact form (RFC 7515, RFC 7519). A token without `exp` never expires: the
 * documents do not say that the platform requires one.
 */
export function checkToken(token: string, keys: readonly JwtKey[], wallMs: number): Verdict {
  const parts = token.split('.');
  if (parts.length !== 3) return bad('is no token of three parts');
  const [head = '', body = '', tail = ''] = parts;
  const header = readPart(head);
  const claims = readPart(body);
  if (header === undefined || claims === undefined || !isBase64Url(tail)) {
    return bad('is not well formed');
  }
  if (header['crit'] !== undefined) return bad('has extensions that nobody here knows');
  // `kid` selects the key, and the key determines the algorithm. The token never does.
  const key = keys.find(({ kid }) => kid === (header['kid'] ?? ''));
  if (key === undefined) return bad('names no key of the trigger');
  if (header['alg'] !== key.alg) return bad("names another algorithm than the trigger's key");
  if (!verifies(key.alg, key.key, `${head}.${body}`, Buffer.from(tail, 'base64url'))) {
    return bad('has a wrong signature');
  }
  const { exp, nbf } = claims;
  if (exp !== undefined && !(isNumber(exp) && wallMs < exp * 1_000)) return bad('has expired');
  if (nbf !== undefined && !(isNumber(nbf) && wallMs >= nbf * 1_000)) {
    return bad('is not valid yet');
  }
  return { kind: 'good', claims };
}

function bad(why: string): Verdict {
  return { kind: 'bad', why };
}

function readPart(text: string): Record<string, unknown> | undefined {
  if (!isBase64Url(text)) return undefined;
  try {
    const value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function isBase64Url(text: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(text);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

import { CONSOLE_KEYS_VARIABLE, type ConsoleRule } from '../../domain/model/policy.ts';
import { type Fields, fieldsOf } from '../../lib/json-fields.ts';
import type { KeySetName } from '../secrets.ts';

/** Our own choice: nobody needs more while keys are rotated. */
const MAX_KEYS = 16;

/**
 * The signatures that are taken: https://www.rfc-editor.org/rfc/rfc7518#section-3.1 and RFC 8037. None that
 * is made with a shared secret.
 */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;

/** https://www.rfc-editor.org/rfc/rfc7518#section-6 */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];

export type JwtAlgorithm = (typeof ALGORITHMS)[number];

/** What `attach` needs besides secrets: nothing unless there is a console. */
export function keySetsOf(policy: { readonly console: ConsoleRule | null }): KeySetName[] {
  return policy.console === null ? [] : [{ name: CONSOLE_KEYS_VARIABLE, whyNone: whyNoJwks }];
}

/**
 * Why a text is no JSON Web Key Set (RFC 7517) of public keys that each name their algorithm, without
 * repeating any of it; undefined when it looks like one. This much is checked when a function starts, because
 * it costs nothing: whether the keys are keys `jwtKeysIn` finds out.
 */
export function whyNoJwks(text: string): string | undefined {
  const keys = jwksIn(text);
  if (keys === undefined || keys.length === 0 || keys.length > MAX_KEYS) {
    return `must be a JSON Web Key Set, {"keys": […]}, of 1 to ${MAX_KEYS} keys`;
  }
  if (keys.some((key) => PRIVATE.some((name) => key[name] !== undefined)))
    return 'has a private key: only public ones belong here';
  return keys.every(({ alg }) => ALGORITHMS.some((known) => known === alg))
    ? undefined
    : `has a key without an "alg" of ${ALGORITHMS.join(', ')}`;
}

/** The keys as they stand there. */
export function jwksIn(text: string): Fields[] | undefined {
  try {
    const { keys } = fieldsOf(JSON.parse(text));
    return Array.isArray(keys) ? keys.map(fieldsOf) : undefined;
  } catch {
    return undefined;
  }
}

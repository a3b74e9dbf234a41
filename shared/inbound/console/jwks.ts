import { CONSOLE_KEYS_VARIABLE, type ConsoleRule } from '../../domain/model/policy.ts';
import { type Fields, fieldsOf } from '../../lib/json-fields.ts';
import type { KeySetName } from '../secrets.ts';

/** Our own choice: enough for any rotation of keys. */
const MAX_KEYS = 16;

/**
 * The accepted signature algorithms: https://www.rfc-editor.org/rfc/rfc7518#section-3.1 and RFC 8037. None
 * uses a shared secret.
 */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;

/** https://www.rfc-editor.org/rfc/rfc7518#section-6 */
const PRIVATE_FIELDS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];

export type JwtAlgorithm = (typeof ALGORITHMS)[number];

/** The key sets that `attach` needs: none unless the policy has a console. */
export function keySetsOf(policy: { readonly console: ConsoleRule | null }): KeySetName[] {
  return policy.console === null ? [] : [{ name: CONSOLE_KEYS_VARIABLE, faultIn: jwksFault }];
}

/**
 * Checks the form of a JSON Web Key Set (RFC 7517): only public keys, each with its algorithm. This check is
 * cheap and runs when a function starts. It does not check the keys themselves: `jwtKeysIn` does.
 *
 * @returns the fault, without any part of the text; undefined when there is none
 */
export function jwksFault(text: string): string | undefined {
  const keys = jwksIn(text);
  if (keys === undefined || keys.length === 0 || keys.length > MAX_KEYS) {
    return `must be a JSON Web Key Set, {"keys": […]}, of 1 to ${MAX_KEYS} keys`;
  }
  if (keys.some((key) => PRIVATE_FIELDS.some((name) => key[name] !== undefined)))
    return 'has a private key: only public keys belong here';
  return keys.every(({ alg }) => ALGORITHMS.some((known) => known === alg))
    ? undefined
    : `has a key without an "alg" of ${ALGORITHMS.join(', ')}`;
}

/** The keys of the set, unchecked; undefined when the text is not a key set. */
export function jwksIn(text: string): Fields[] | undefined {
  try {
    const { keys } = fieldsOf(JSON.parse(text));
    return Array.isArray(keys) ? keys.map(fieldsOf) : undefined;
  } catch {
    return undefined;
  }
}

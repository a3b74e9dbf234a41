import type { ErrorCode } from '../../shared/domain/model/errors.ts';
import { CONSOLE_KEYS_VARIABLE, type ConsoleRule } from '../../shared/domain/model/policy.ts';
import { type JwtKey, jwtKeysIn } from '../../shared/inbound/console/jwt-keys.ts';
import { subjectOf } from '../../shared/inbound/console/jwt.ts';
import { CONSOLE_HEADERS, consolePart, type Question } from '../../shared/inbound/console/page.ts';
import type { HttpReply, HttpRequest } from '../../shared/inbound/fc.ts';
import { CONSOLE_FILES } from './console-files.ts';

/**
 * This module is imported when somebody first opens the console, so that no cold start loads it. It is in a
 * bundle of its own (tools/build/slim.ts) with its own copy of every class: the function's `instanceof` would
 * not recognize a `LatchkeyError` thrown here. So this module returns its refusals.
 */

/** What the console shows. `operator` is undefined as long as the person is unknown. */
export type Look = { readonly operator: string | undefined } & (
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'file'; readonly reply: HttpReply }
  | { readonly kind: 'ask'; readonly question: Question }
);

export interface Console {
  /** Sent with every answer, refusals included. */
  readonly headers: Readonly<Record<string, string>>;
  look(request: Pick<HttpRequest, 'path' | 'headers'>, nowMs: number): Promise<Look>;
}

/**
 * Opens the console to the operators of the policy. The function verifies the token itself, even behind a
 * gateway that verifies it as well: without the gateway, anybody could set the headers that it sets.
 *
 * With an invalid key in the key set, everything is refused as `unavailable`.
 */
export function openConsole(rule: ConsoleRule, jwks: string): Console {
  const keys = keysIn(jwks);
  return {
    headers: CONSOLE_HEADERS,
    async look({ path, headers }, nowMs) {
      if (keys === undefined) {
        return refused(undefined, 'unavailable', `${CONSOLE_KEYS_VARIABLE} has an invalid key`);
      }
      const { issuer, audience } = rule;
      const rules = { keys, issuer, audience, nowMs };
      const subjects = await Promise.all(
        tokensIn(headers, rule.cookie).map((token) => subjectOf(token, rules)),
      );
      const operator = subjects.find((subject) => subject !== undefined);
      if (operator === undefined) return refused(undefined, 'unsigned', 'sign in first');
      if (!rule.operators.includes(operator)) {
        return refused(operator, 'forbidden', 'the policy does not name you');
      }
      return shown(path, operator);
    },
  };
}

function shown(path: string, operator: string): Look {
  const part = consolePart(path, (name) => CONSOLE_FILES.get(name));
  switch (part.kind) {
    case 'nothing':
      return refused(operator, 'not-found', `no such page as "${path.slice(0, 100)}"`);
    case 'ask':
      return { operator, kind: 'ask', question: part.question };
    case 'file': {
      const { status, headers, body } = part;
      const reply = { statusCode: status, headers, isBase64Encoded: false, body } as const;
      return { operator, kind: 'file', reply };
    }
  }
}

function refused(operator: string | undefined, code: ErrorCode, why: string): Look {
  return { operator, kind: 'refused', code, message: `Cannot show the console: ${why}` };
}

function keysIn(jwks: string): JwtKey[] | undefined {
  try {
    return jwtKeysIn(jwks);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

/** How many cookies of one name are read: another host of the domain may have set one as well. Our own choice. */
const MAX_COOKIES = 4;

/** The tokens of a request. With a bearer token, cookies are ignored. */
function tokensIn(headers: HttpRequest['headers'], cookie: string): string[] {
  const bearer = /^Bearer +([^ ]+)$/i.exec(headers['authorization'] ?? '')?.[1];
  if (bearer !== undefined) return [bearer];
  // The platform joins two headers of one name by a comma. No cookie value contains one: RFC 6265 §4.1.1
  const pairs = (headers['cookie'] ?? '').split(/[;,]/).map((pair) => pair.trim().split('=', 2));
  const tokens = pairs.flatMap(([name, value = '']) => (name === cookie ? [value] : []));
  return tokens.slice(0, MAX_COOKIES);
}

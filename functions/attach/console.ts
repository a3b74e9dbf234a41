import type { ErrorCode } from '../../shared/domain/model/errors.ts';
import type { ConsoleRule } from '../../shared/domain/model/policy.ts';
import { CONSOLE_KEYS_VARIABLE } from '../../shared/domain/model/policy.ts';
import { type JwtKey, jwtKeysIn } from '../../shared/inbound/console/jwt-keys.ts';
import { subjectOf } from '../../shared/inbound/console/jwt.ts';
import { CONSOLE_HEADERS, consolePart, type Question } from '../../shared/inbound/console/page.ts';
import type { HttpReply, HttpRequest } from '../../shared/inbound/fc.ts';
import { CONSOLE_FILES } from './console-files.ts';

/**
 * What nobody needs before somebody looks at the console: imported then, so that no cold start loads it. It
 * lies in a bundle of its own (tools/build/slim.ts), which shares no class with the other: a `LatchkeyError`
 * of here would be a stranger there.
 */

/** What is shown, and to whom: undefined for nobody that is known. */
export type Look = { readonly operator: string | undefined } & (
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'file'; readonly reply: HttpReply }
  | { readonly kind: 'ask'; readonly question: Question }
);

export interface Console {
  /** What every answer of it has, a refusal as well. */
  readonly headers: Readonly<Record<string, string>>;
  look(request: Pick<HttpRequest, 'path' | 'headers'>, nowMs: number): Look;
}

/**
 * The function checks the token itself, whatever stands before it: a gateway that checks it, too, can be
 * taken away by a change of one line, and then claims in headers would be anybody's.
 *
 * A key set with a malformed key refuses everybody.
 */
export function openConsole(rule: ConsoleRule, jwks: string): Console {
  const keys = keysIn(jwks);
  return {
    headers: CONSOLE_HEADERS,
    look({ path, headers }, nowMs) {
      if (keys === undefined) {
        return refused(undefined, 'unavailable', `${CONSOLE_KEYS_VARIABLE} has a malformed key`);
      }
      const { issuer, audience } = rule;
      const rules = { keys, issuer, audience, nowMs };
      const operator = tokensIn(headers, rule.cookie)
        .map((token) => subjectOf(token, rules))
        .find((subject) => subject !== undefined);
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

/** The same for whatever is wrong with a token. */
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

/** Cookies of one name that are looked at: another host of the domain may have set one too. Our own choice. */
const MAX_COOKIES = 4;

/** None where there is none. Where there is a bearer as well, cookies do not count. */
function tokensIn(headers: HttpRequest['headers'], cookie: string): string[] {
  const bearer = /^Bearer +([^ ]+)$/i.exec(headers['authorization'] ?? '')?.[1];
  if (bearer !== undefined) return [bearer];
  // Two headers of one name are joined by a comma, which no value of a cookie has: RFC 6265 §4.1.1
  const pairs = (headers['cookie'] ?? '').split(/[;,]/).map((pair) => pair.trim().split('=', 2));
  const tokens = pairs.flatMap(([name, value = '']) => (name === cookie ? [value] : []));
  return tokens.slice(0, MAX_COOKIES);
}

import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { ConsoleRule } from '../../shared/domain/model/policy.ts';
import type { HttpReply, HttpRequest } from '../../shared/inbound/fc.ts';
import type { Console, Look } from './console.ts';
import { serveSeen, type ServePorts } from './serve.ts';
import { readSeen } from './wanted.ts';

/** Who may look at the console, and the public keys that their tokens are verified with. */
export interface ConsoleDoor {
  readonly rule: ConsoleRule;
  /** A JSON Web Key Set. */
  readonly jwks: string;
}

/** Gives the console, the same each time, and loads it at the first. */
export function consoleBehind({ rule, jwks }: ConsoleDoor): () => Promise<Console> {
  let opened: Console | undefined;
  return async () => {
    if (opened !== undefined) return opened;
    const { openConsole } = await import('./console.ts');
    return (opened = openConsole(rule, jwks));
  };
}

/**
 * Shows what somebody looks at, and changes nothing.
 *
 * @throws {LatchkeyError} `unsigned`, `forbidden`, `not-found`; `not-valid` for a wrong query
 */
export async function show(
  look: Look,
  { query }: HttpRequest,
  ports: ServePorts,
): Promise<HttpReply> {
  if (look.kind === 'refused') throw new LatchkeyError(look.code, look.message);
  if (look.kind === 'file') return look.reply;
  return serveSeen(readSeen(look.question, query), ports);
}

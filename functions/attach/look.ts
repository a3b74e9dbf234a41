import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { ConsoleRule } from '../../shared/domain/model/policy.ts';
import type { Question } from '../../shared/inbound/console/page.ts';
import type { HttpReply, HttpRequest } from '../../shared/inbound/fc.ts';
import type { Console, Look } from './console.ts';
import { listRoute } from './routes/list.ts';
import type { SeenRoute } from './routes/route.ts';
import { seeStopRoute } from './routes/see-stop.ts';
import { seeRoute } from './routes/see.ts';
import type { ServePorts } from './serve-ports.ts';

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
  { body, query }: HttpRequest,
  ports: ServePorts & { readonly regionId: string },
): Promise<HttpReply> {
  if (look.kind === 'refused') throw new LatchkeyError(look.code, look.message);
  if (look.kind === 'file') return look.reply;
  const { question } = look;
  const route = ROUTES[question.kind];
  const rolloutId = question.kind === 'see' ? question.rolloutId : '';
  return route.do(route.read({ body, query, rolloutId, regionId: ports.regionId }), ports);
}

const ROUTES: Readonly<Record<Question['kind'], SeenRoute>> = {
  list: listRoute,
  see: seeRoute,
  'see-stop': seeStopRoute,
};

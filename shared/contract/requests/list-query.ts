import * as v from 'valibot';
import type { RolloutEntry } from '../../domain/model/ports.ts';
import { ROLLOUT_ID } from '../../domain/model/ids.ts';
import { onlyThese, parseValue } from '../parse.ts';

/** Our own choice: each row is loaded whole. The pattern below permits up to 100. */
const DEFAULT_LIMIT = '20';

/** The query of `GET /rollouts`. */
export const ListQuery = onlyThese(
  {
    limit: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^([1-9][0-9]?|100)$/, 'must be a whole number from 1 to 100'),
        v.transform(Number),
      ),
      DEFAULT_LIMIT,
    ),
    after: v.optional(
      v.pipe(
        v.string(),
        v.transform(entryOf),
        v.check((entry) => entry !== undefined, 'must be the "next" of an earlier answer'),
      ),
    ),
  },
  'this list',
);

/** What each parameter means: in the OpenAPI document. */
export const LIST_HELP = {
  limit: 'a whole number from 1 to 100',
  after: '"next" of the page before',
} as const;

/**
 * Reads the query of `GET /rollouts`.
 *
 * @throws {LatchkeyError} `not-valid` with every fault; its pointers name parameters
 */
export function parseListQuery(query: Readonly<Record<string, string>>): {
  readonly limit: number;
  readonly after: RolloutEntry | undefined;
} {
  const { limit, after } = parseValue(ListQuery, query, 'the query');
  return { limit, after };
}

/** The position of an entry in the list, as a text that only Latchkey can read. */
export function cursorOf({ rolloutId, createdAtMs }: RolloutEntry): string {
  return Buffer.from(`${createdAtMs}.${rolloutId}`).toString('base64url');
}

function entryOf(cursor: string): RolloutEntry | undefined {
  const [, atMs, rolloutId] =
    /^([0-9]{1,15})\.(.*)$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (atMs === undefined || rolloutId === undefined || !ROLLOUT_ID.test(rolloutId))
    return undefined;
  return { rolloutId, createdAtMs: Number(atMs) };
}

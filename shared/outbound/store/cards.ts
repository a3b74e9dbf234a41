import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { placeText } from '../../domain/chat/card-places.ts';
import { newCardState } from '../../domain/chat/card-refresh.ts';
import type { Cards, CardState } from '../../domain/model/chat-ports.ts';
import type { ChatPlace } from '../../domain/model/chat.ts';
import { LatchkeyError } from '../../domain/model/errors.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { isConditionFailure } from '../tablestore/errors.ts';
import type { Columns, ColumnValue, PrimaryKey, RowWrite } from '../tablestore/model.ts';
import { CARDS } from './tables.ts';

const STATE = 'state';
const VERSION = 'version';
const WRITER = 'writer';

/** All but what the key and the column beside it say. */
const StateText = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    messageId: v.string(),
    reposts: v.number(),
    ownerUntilMs: v.number(),
    shownDigest: v.string(),
    shownAtMs: v.number(),
    shownVersion: v.number(),
    failedDigest: v.string(),
    failures: v.number(),
    notBeforeMs: v.number(),
    gone: v.string(),
    wakeAtMs: v.number(),
    notifiedAtMs: v.number(),
  }),
);

/** @param newWriter a name for one write, different from every other. Default: a random UUID */
export function tablestoreCards(
  client: TablestoreClient,
  { newWriter = randomUUID }: { readonly newWriter?: () => string } = {},
): Cards {
  const table = CARDS.name;
  // What became of a write that was perhaps made twice can be told by its writer.
  const safe = { idempotent: true } as const;

  async function columnsOf(key: PrimaryKey): Promise<Columns | undefined> {
    return (await client.getRow({ table, key }))?.columns;
  }

  return {
    async load(rolloutId, place) {
      const columns = await columnsOf(keyOf(rolloutId, place));
      return columns === undefined ? undefined : decoded(rolloutId, place, columns);
    },
    async save(before, after) {
      const { rolloutId, place, version } = after;
      if (version !== (before?.version ?? 0) + 1) {
        throw new TypeError(`Cannot save a card of "${rolloutId}": not the version after its last`);
      }
      const key = keyOf(rolloutId, place);
      const writer = newWriter();
      try {
        await client.putRow(table, writeOf(key, before, after, writer), safe);
        return 'saved';
      } catch (error) {
        if (!isDoubtful(error)) throw error;
        const found = await columnsOf(key);
        if (found?.get(WRITER) === writer) return 'saved';
        // Whoever is later has seen this one, or has taken its place: it counts no more either way.
        const current = found?.get(VERSION);
        if (typeof current === 'number' && current >= version) return 'conflict';
        if (isConditionFailure(error)) return 'conflict';
        throw new LatchkeyError(
          'unavailable',
          `Cannot tell whether a card of "${rolloutId}" was saved: version ${version} is not there yet`,
          { cause: error },
        );
      }
    },
  };
}

/** Whether the failure leaves open that the write took effect, in this try or an earlier one. */
function isDoubtful(error: unknown): error is LatchkeyError {
  return (
    error instanceof LatchkeyError &&
    (isConditionFailure(error) || error.traits.certainty === 'maybe-done')
  );
}

function writeOf(
  key: PrimaryKey,
  before: CardState | undefined,
  { rolloutId: _id, place: _place, version, ...rest }: CardState,
  writer: string,
): RowWrite & { readonly kind: 'put' } {
  const columns = new Map<string, ColumnValue>([
    [STATE, JSON.stringify(rest)],
    [VERSION, version],
    [WRITER, writer],
  ]);
  if (before === undefined) return { kind: 'put', key, columns, condition: { row: 'absent' } };
  const column = {
    kind: 'compare',
    column: VERSION,
    comparator: '=',
    value: before.version,
    passIfMissing: false,
  } as const;
  return { kind: 'put', key, columns, condition: { row: 'exists', column } };
}

/** What another version wrote is shown anew: that does less harm than to show nothing any more. */
function decoded(rolloutId: string, place: ChatPlace, columns: Columns): CardState {
  const version = columns.get(VERSION);
  const state = v.safeParse(StateText, columns.get(STATE));
  return {
    ...newCardState(rolloutId, place),
    ...(state.success ? state.output : {}),
    version: typeof version === 'number' ? version : 0,
  };
}

function keyOf(rolloutId: string, place: ChatPlace): PrimaryKey {
  return [
    ['rolloutId', rolloutId],
    ['place', placeText(place)],
  ];
}

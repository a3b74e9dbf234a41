import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { placeText } from '../../domain/chat/card-places.ts';
import { newCardState } from '../../domain/chat/card-refresh.ts';
import type { Cards, CardState } from '../../domain/model/chat-ports.ts';
import type { ChatPlace } from '../../domain/model/chat.ts';
import { LatchkeyError } from '../../domain/model/errors.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { isConditionFailure, mayBeWritten } from '../tablestore/errors.ts';
import {
  columnEquals,
  type Columns,
  type ColumnValue,
  type PrimaryKey,
  type RowWrite,
} from '../tablestore/model.ts';
import { CARDS, keyIn } from './tables.ts';

const STATE = 'state';
const VERSION = 'version';
const WRITER = 'writer';

/** The state without what the key and the column `version` say. */
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

/** @param newWriter makes a unique name for a write. Default: a random UUID */
export function tablestoreCards(
  client: TablestoreClient,
  { newWriter = randomUUID }: { readonly newWriter?: () => string } = {},
): Cards {
  const table = CARDS.name;

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
        throw new TypeError(
          `Cannot save a card of "${rolloutId}": the new version must be one more than the old`,
        );
      }
      const key = keyOf(rolloutId, place);
      const writer = newWriter();
      try {
        await client.writeRow(table, writeOf(key, before, after, writer));
        return 'saved';
      } catch (error) {
        if (!mayBeWritten(error)) throw error;
        const found = await columnsOf(key);
        if (found?.get(WRITER) === writer) return 'saved';
        // A later version exists: this one was overwritten, or was never written. Either way it lost.
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

function writeOf(
  key: PrimaryKey,
  before: CardState | undefined,
  { rolloutId: _id, place: _place, version, ...rest }: CardState,
  writer: string,
): RowWrite {
  const columns = new Map<string, ColumnValue>([
    [STATE, JSON.stringify(rest)],
    [VERSION, version],
    [WRITER, writer],
  ]);
  if (before === undefined) return { kind: 'put', key, columns, condition: { row: 'absent' } };
  const column = columnEquals(VERSION, before.version);
  return { kind: 'put', key, columns, condition: { row: 'exists', column } };
}

/** A state that cannot be read counts as new: the card is posted again, instead of never being updated. */
function decoded(rolloutId: string, place: ChatPlace, columns: Columns): CardState {
  const version = columns.get(VERSION);
  const state = v.safeParse(StateText, columns.get(STATE));
  return {
    ...newCardState(rolloutId, place),
    ...(state.success ? state.output : {}),
    version: typeof version === 'number' ? version : 0,
  };
}

const keyOf = (rolloutId: string, place: ChatPlace) => keyIn(CARDS, rolloutId, placeText(place));

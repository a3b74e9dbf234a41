import { placeText } from '../../shared/domain/chat/card-places.ts';
import type { Cards, CardState } from '../../shared/domain/model/chat-ports.ts';
import type { ChatPlace } from '../../shared/domain/model/chat.ts';

/** The table `cards` in memory. */
export class ModelCards implements Cards {
  readonly #rows = new Map<string, CardState>();
  saves = 0;

  async load(rolloutId: string, place: ChatPlace): Promise<CardState | undefined> {
    return this.peek(rolloutId, place);
  }

  /** What is stored now; counts as no call. */
  peek(rolloutId: string, place: ChatPlace): CardState | undefined {
    return this.#rows.get(keyOf(rolloutId, place));
  }

  async save(before: CardState | undefined, after: CardState): Promise<'saved' | 'conflict'> {
    const key = keyOf(after.rolloutId, after.place);
    const version = before?.version ?? 0;
    if (after.version !== version + 1) {
      throw new RangeError(`Cannot save version ${after.version} over ${version}`);
    }
    if ((this.#rows.get(key)?.version ?? 0) !== version) return 'conflict';
    this.#rows.set(key, after);
    this.saves += 1;
    return 'saved';
  }
}

function keyOf(rolloutId: string, place: ChatPlace): string {
  return `${rolloutId} ${placeText(place)}`;
}

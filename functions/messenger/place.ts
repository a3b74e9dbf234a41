import { haltCard } from '../../shared/domain/chat/cards/halt-card.ts';
import { placeText } from '../../shared/domain/chat/card-places.ts';
import {
  busy,
  cardStep,
  newCardState,
  type Wanted,
} from '../../shared/domain/chat/card-refresh.ts';
import { afterNotify, afterPost, afterUpdate } from '../../shared/domain/chat/card-results.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import type { Invocation } from '../../shared/domain/rollouts/carry-out.ts';
import type { Cards, CardState, ChatOut, ChatSent } from '../../shared/domain/model/chat-ports.ts';
import type { ChatPlace } from '../../shared/domain/model/chat.ts';
import type { Clock, Log, Sha256 } from '../../shared/domain/model/ports.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import { hexOf } from './digest.ts';

/** One call to a platform, with a token fetched for it: the adapters' limit is 5 s each. */
export const CHAT_CALL_MS = 11_000;

/** After this nobody can be at work on a card any more that somebody began to: our own choice. */
const OWNED_MS = 60_000;

/** What there was no time for is taken up by another invocation: our own choice. */
export const NOT_BEGUN_MS = 1_000;

export interface PlacePorts {
  readonly chatOut: ChatOut;
  readonly cards: Cards;
  readonly clock: Clock;
  readonly log: Log;
  readonly sha256: Sha256;
}

/** What one place is to show. */
export interface Show {
  readonly rollout: Rollout;
  readonly card: Card;
  readonly wanted: Wanted;
  /** As whom whoever asked is known there; null when nobody is. */
  readonly asker: string | null;
}

/** How it ended there. */
export interface PlaceEnd {
  /** What is known now, with `saved.version`. */
  readonly state: CardState;
  /** As it is in the store; undefined: it is not there. */
  readonly saved: CardState | undefined;
  /** false: somebody else is at work on it. */
  readonly isOurs: boolean;
  /** Whether there is anything to save. */
  readonly hasActed: boolean;
  /** There is more to do, not before then; null: nothing. */
  readonly untilMs: number | null;
}

/**
 * Shows a card in one place, if it is not shown there already. Whoever shows says so first, so that no
 * other invocation posts it too: what dies on the way is posted again, under the same key.
 *
 * @throws {LatchkeyError} when the store does not answer
 */
export async function showIn(
  place: ChatPlace,
  show: Show,
  ports: PlacePorts,
  { deadlineMs, ownerUntilMs }: Invocation,
): Promise<PlaceEnd> {
  const { cards, clock } = ports;
  const { rollout, wanted } = show;
  const saved = await cards.load(rollout.rolloutId, place);
  const state = saved ?? newCardState(rollout.rolloutId, place);
  const nowMs = clock.nowMs();
  const step = cardStep(state, wanted, nowMs);
  const notNow = (untilMs: number | null, isOurs: boolean): PlaceEnd => ({
    state,
    saved,
    isOurs,
    hasActed: false,
    untilMs,
  });
  switch (step.kind) {
    case 'rest':
      return notNow(null, true);
    case 'wait':
      return notNow(step.untilMs, state.ownerUntilMs <= nowMs);
    case 'act': {
      if (nowMs + CHAT_CALL_MS > deadlineMs) return notNow(nowMs + NOT_BEGUN_MS, true);
      const untilMs = Math.min(ownerUntilMs, nowMs + OWNED_MS);
      const claimed = { ...state, version: state.version + 1, ownerUntilMs: untilMs };
      if ((await cards.save(saved, claimed)) === 'conflict') {
        const other = busy(claimed, nowMs);
        return notNow(other.kind === 'wait' ? other.untilMs : null, false);
      }
      const after = await act(claimed, step, show, ports, deadlineMs);
      const then = cardStep({ ...after, ownerUntilMs: 0 }, wanted, clock.nowMs());
      return {
        state: after,
        saved: claimed,
        isOurs: true,
        hasActed: true,
        untilMs: untilOf(then, clock.nowMs()),
      };
    }
  }
}

function untilOf(step: ReturnType<typeof cardStep>, nowMs: number): number | null {
  switch (step.kind) {
    case 'rest':
      return null;
    case 'wait':
      return step.untilMs;
    case 'act':
      return nowMs + NOT_BEGUN_MS;
  }
}

async function act(
  state: CardState,
  { show: how, notify }: { readonly show: 'post' | 'update' | null; readonly notify: boolean },
  { rollout, card, wanted, asker }: Show,
  ports: PlacePorts,
  deadlineMs: number,
): Promise<CardState> {
  const { chatOut, clock } = ports;
  const { place, messageId } = state;
  let after = state;
  if (how === 'post') {
    const key = keyOf(state, `card ${state.reposts}`, ports);
    const sent = await chatOut.post(place, card, key);
    after = afterPost(after, sent, wanted, clock.nowMs());
    note('posted', after, sent, ports);
  } else if (how === 'update') {
    const sent = await chatOut.update({ place, messageId }, card);
    after = afterUpdate(after, sent, wanted, clock.nowMs());
    note('updated', after, sent, ports);
  }
  const isWell = after.failures === 0 && after.gone === '';
  const { control } = rollout;
  if (!notify || control.kind !== 'halted' || (how !== null && !isWell)) return after;
  if (clock.nowMs() + CHAT_CALL_MS > deadlineMs) return after;
  const key = keyOf(state, `halt ${control.atMs}`, ports);
  const sent = await chatOut.post(place, haltCard(rollout, control.cause, asker), key);
  after = afterNotify(after, sent, wanted, clock.nowMs());
  note('notified', after, sent, ports);
  return after;
}

/** The same for each try at one message, another one for each message. Feishu takes 50 characters. */
function keyOf({ rolloutId, place }: CardState, what: string, { sha256 }: PlacePorts): string {
  return `lk-${hexOf(sha256(`${rolloutId} ${placeText(place)} ${what}`)).slice(0, 40)}`;
}

function note(
  what: 'posted' | 'updated' | 'notified',
  { rolloutId, place, failures, notBeforeMs }: CardState,
  sent: ChatSent<unknown>,
  { log }: PlacePorts,
): void {
  const about = { rolloutId, platform: place.platform, channel: place.channel };
  switch (sent.kind) {
    case 'sent':
      log('info', `card-${what}`, about);
      return;
    case 'gone':
      log('warn', 'card-gone', { ...about, why: sent.why });
      return;
    case 'failed':
      log('warn', 'card-failed', { ...about, why: sent.why, failures, notBeforeMs });
  }
}

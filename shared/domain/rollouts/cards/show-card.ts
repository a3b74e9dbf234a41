import { haltCard } from '../../chat/cards/halt-card.ts';
import { placeText } from '../../chat/card-places.ts';
import { busy, cardStep, newCardState, type DesiredCard } from '../../chat/card-refresh.ts';
import { afterNotify, afterPost, afterUpdate } from '../../chat/card-results.ts';
import type { Card } from '../../model/card.ts';
import type { Invocation } from '../carry-out.ts';
import type { Cards, CardState, ChatOut, ChatSent } from '../../model/chat-ports.ts';
import type { ChatPlace } from '../../model/chat.ts';
import type { Clock, Log, Sha256 } from '../../model/ports.ts';
import type { Rollout } from '../../model/rollout.ts';
import { hexOf } from '../../../lib/hex.ts';

/** The longest that one call to a platform takes: 5 s, and 5 s for the token that it may need first. */
export const CHAT_CALL_MS = 11_000;

/** How long an invocation can own a card: our own choice. After that, another one may take it over. */
const OWNED_MS = 60_000;

/** When another invocation takes up what there was no time for: our own choice. */
export const NOT_BEGUN_MS = 1_000;

export interface ShowCardPorts {
  readonly chatOut: ChatOut;
  readonly cards: Cards;
  readonly clock: Clock;
  readonly log: Log;
  readonly sha256: Sha256;
}

export interface CardToShow {
  readonly rollout: Rollout;
  readonly card: Card;
  readonly desired: DesiredCard;
  /** The account, in this place, of the person who asked for the rollout. null: they have none. */
  readonly asker: string | null;
}

/** How far a card has come in one place. */
export interface ShownCard {
  /** What is known about the card now, with `saved.version`. */
  readonly state: CardState;
  /** The row in the store. undefined: there is none. */
  readonly saved: CardState | undefined;
  /** false: another invocation is at work on the card. */
  readonly isOurs: boolean;
  /** Whether the platform was called, so that `state` must be saved. */
  readonly hasActed: boolean;
  /** When there is more to do. null: nothing is left to do. */
  readonly untilMs: number | null;
}

/**
 * Shows a card in one place, unless the place shows it already. It first claims the card in the store, so that no
 * other invocation posts it too. If the invocation dies after that, another one posts again, under the same key.
 *
 * @throws {LatchkeyError} when the store does not answer
 */
export async function showCard(
  place: ChatPlace,
  toShow: CardToShow,
  ports: ShowCardPorts,
  { deadlineMs, ownerUntilMs }: Invocation,
): Promise<ShownCard> {
  const { cards, clock } = ports;
  const { rollout, desired } = toShow;
  const saved = await cards.load(rollout.rolloutId, place);
  const state = saved ?? newCardState(rollout.rolloutId, place);
  const nowMs = clock.nowMs();
  const step = cardStep(state, desired, nowMs);
  const notNow = (untilMs: number | null, isOurs: boolean): ShownCard => ({
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
      const after = await showAndNotify(claimed, step, toShow, ports, deadlineMs);
      const then = cardStep({ ...after, ownerUntilMs: 0 }, desired, clock.nowMs());
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
  if (step.kind === 'act') return nowMs + NOT_BEGUN_MS;
  return step.kind === 'wait' ? step.untilMs : null;
}

async function showAndNotify(
  state: CardState,
  { show: how, notify }: { readonly show: 'post' | 'update' | null; readonly notify: boolean },
  { rollout, card, desired, asker }: CardToShow,
  ports: ShowCardPorts,
  deadlineMs: number,
): Promise<CardState> {
  const { chatOut, clock } = ports;
  const { place, messageId } = state;
  let after = state;
  if (how === 'post') {
    const key = keyOf(state, `card ${state.reposts}`, ports);
    const sent = await chatOut.post(place, card, key);
    after = afterPost(after, sent, desired, clock.nowMs());
    logSent('posted', after, sent, ports);
  } else if (how === 'update') {
    const sent = await chatOut.update({ place, messageId }, card);
    after = afterUpdate(after, sent, desired, clock.nowMs());
    logSent('updated', after, sent, ports);
  }
  const isWell = after.failures === 0 && after.gone === '';
  const { control } = rollout;
  if (!notify || control.kind !== 'halted' || (how !== null && !isWell)) return after;
  if (clock.nowMs() + CHAT_CALL_MS > deadlineMs) return after;
  const key = keyOf(state, `halt ${control.atMs}`, ports);
  const sent = await chatOut.post(place, haltCard(rollout, control.cause, asker), key);
  after = afterNotify(after, sent, desired, clock.nowMs());
  logSent('notified', after, sent, ports);
  return after;
}

/** The same key for each attempt at one message, and another key for each message. Feishu takes 50 characters. */
function keyOf({ rolloutId, place }: CardState, what: string, { sha256 }: ShowCardPorts): string {
  return `lk-${hexOf(sha256(`${rolloutId} ${placeText(place)} ${what}`)).slice(0, 40)}`;
}

function logSent(
  what: 'posted' | 'updated' | 'notified',
  { rolloutId, place, failures, notBeforeMs }: CardState,
  sent: ChatSent<unknown>,
  { log }: ShowCardPorts,
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

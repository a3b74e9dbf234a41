import { notBefore } from '../../model/messages.ts';
import type { Card } from '../../model/card.ts';
import { rolloutCard } from '../../chat/cards/rollout-card.ts';
import type { SignedText } from '../../chat/cards/shown.ts';
import { askerAt, placesOf } from '../../chat/card-places.ts';
import { nextCheckMs } from '../../chat/card-refresh.ts';
import { buttonTerms, roundOf, type SignButton } from '../../chat/card-tokens.ts';
import type { Invocation } from '../carry-out.ts';
import { whyNotEnough } from '../../chat/chat-enough.ts';
import type { CardState } from '../../model/chat-ports.ts';
import type { ChatPlace, Platform } from '../../model/chat.ts';
import type { Policy } from '../../model/policy.ts';
import type { Queue, Rollouts } from '../../model/ports.ts';
import type { Rollout } from '../../model/rollout.ts';
import { settled } from '../../../lib/pool.ts';
import { cardDigest } from '../../chat/card-digest.ts';
import { type CardToShow, showCard, type ShowCardPorts, type ShownCard } from './show-card.ts';

export interface CardPorts extends ShowCardPorts {
  readonly rollouts: Pick<Rollouts, 'load'>;
  /** The queue of the function that this runs in. */
  readonly chatQueue: Queue;
  /** The least time between two updates of one card. */
  readonly updateEveryMs: (platform: Platform) => number;
  readonly signButton: SignButton;
  readonly signedText: SignedText;
  readonly policy: Pick<Policy, 'people' | 'clients' | 'chat' | 'allowDetach'>;
}

/**
 * Brings the rollout's card up to date in each of its places. As long as the rollout is not over, it also sends
 * the message by which the cards are checked again.
 *
 * @returns false when there is no such rollout
 * @throws {LatchkeyError} when the store or the queue does not answer
 */
export async function refreshCards(
  rolloutId: string,
  ports: CardPorts,
  invocation: Invocation,
): Promise<boolean> {
  const rollout = await ports.rollouts.load(rolloutId);
  if (rollout === undefined) return false;
  const places = placesOf(rollout.origin, ports.policy.chat);
  const nowMs = ports.clock.nowMs();
  const shown = await settled(
    places.map((place) =>
      showCard(place, cardFor(rollout, place, nowMs, ports), ports, invocation),
    ),
  );
  await wakeAgain(rollout, shown, ports);
  return true;
}

function cardFor(
  rollout: Rollout,
  place: ChatPlace,
  nowMs: number,
  { signButton, signedText, policy, sha256, updateEveryMs }: CardPorts,
): CardToShow {
  const card: Card = rolloutCard(rollout, nowMs, {
    signedText,
    tokenOf: (action) => signButton(buttonTerms(rollout, action, place, nowMs)),
    canApproveHere: whyNotEnough(place.platform, rollout, policy.chat) === undefined,
    allowDetach: policy.allowDetach,
  });
  const { control } = rollout;
  return {
    rollout,
    card,
    asker: askerAt(rollout.origin, place, policy),
    desired: {
      digest: cardDigest(card, roundOf(rollout), sha256),
      version: rollout.version,
      hasButtons: card.buttons.length > 0,
      haltedAtMs: control.kind === 'halted' ? control.atMs : null,
      updateEveryMs: updateEveryMs(place.platform),
    },
  };
}

/**
 * Sends the message by which the cards are checked again, unless one that comes in time is under way. The cards'
 * rows mention the message only after it was sent, because later invocations rely on it.
 */
async function wakeAgain(
  rollout: Rollout,
  shown: readonly ShownCard[],
  { clock, chatQueue, cards, log }: CardPorts,
): Promise<void> {
  const nowMs = clock.nowMs();
  const { rolloutId } = rollout;
  const checks = shown.flatMap(({ state, untilMs }) =>
    state.gone === '' ? (untilMs ?? nextCheckMs(rollout, nowMs) ?? []) : [],
  );
  const nextMs = checks.length === 0 ? null : Math.min(...checks);
  const underWay = shown.map(({ state }) => state.wakeAtMs).filter((atMs) => atMs > nowMs);
  const isNeeded = nextMs !== null && !underWay.some((atMs) => atMs <= nextMs);
  const [error] = isNeeded
    ? await chatQueue.send([notBefore(nextMs, nowMs, { kind: 'card', rolloutId })])
    : [];
  const wakeAtMs = isNeeded && error === undefined ? nextMs : null;
  await settled(
    statesToSave(shown, wakeAtMs).map(async ({ before, after }) => {
      if ((await cards.save(before, after)) === 'saved') return;
      // Another invocation took the card over: its row is as good as ours.
      log('warn', 'card-overtaken', { rolloutId, platform: after.place.platform });
    }),
  );
  if (error !== undefined) throw error;
}

/** What has to be saved. It is enough that one row mentions the message. */
function statesToSave(
  shown: readonly ShownCard[],
  wakeAtMs: number | null,
): { readonly before: CardState; readonly after: CardState }[] {
  const ours = shown.flatMap(({ isOurs, hasActed, state, saved }) =>
    isOurs && saved !== undefined ? [{ hasActed, state, saved }] : [],
  );
  const keeper = ours.find(({ hasActed }) => hasActed) ?? ours[0];
  return ours
    .filter((one) => one.hasActed || (one === keeper && wakeAtMs !== null))
    .map((one) => {
      const { state, saved } = one;
      const version = saved.version + 1;
      const wake = one === keeper && wakeAtMs !== null ? { wakeAtMs } : {};
      return { before: saved, after: { ...state, version, ownerUntilMs: 0, ...wake } };
    });
}

import { signedText } from '../../shared/contract/answers/next-calls.ts';
import { notBefore } from '../../shared/domain/model/messages.ts';
import { UPDATE_EVERY_MS } from '../../shared/messengers/chat-pace.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import { rolloutCard } from '../../shared/domain/chat/cards/rollout-card.ts';
import { askerAt, placesOf } from '../../shared/domain/chat/card-places.ts';
import { nextLookMs } from '../../shared/domain/chat/card-refresh.ts';
import { buttonTerms, roundOf, type SignButton } from '../../shared/domain/chat/card-tokens.ts';
import type { Invocation } from '../../shared/domain/rollouts/carry-out.ts';
import { whyNotEnough } from '../../shared/domain/chat/chat-enough.ts';
import type { CardState } from '../../shared/domain/model/chat-ports.ts';
import type { ChatPlace } from '../../shared/domain/model/chat.ts';
import type { Policy } from '../../shared/domain/model/policy.ts';
import type { Queue, Rollouts } from '../../shared/domain/model/ports.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import { cardDigest } from './digest.ts';
import { type PlaceEnd, type PlacePorts, type Show, showIn } from './place.ts';

export interface CardPorts extends PlacePorts {
  readonly rollouts: Pick<Rollouts, 'load'>;
  /** Where messages to this very function go. */
  readonly chatQueue: Queue;
  readonly signButton: SignButton;
  readonly policy: Pick<Policy, 'people' | 'clients' | 'chat' | 'allowDetach'>;
}

/**
 * Sees to it that the rollout's card in each of its places says how the rollout is now, and that it is
 * looked at again as long as the rollout is not over.
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
  const ended = await settled(
    places.map((place) => showIn(place, showFor(rollout, place, nowMs, ports), ports, invocation)),
  );
  await wakeAgain(rollout, ended, ports);
  return true;
}

function showFor(
  rollout: Rollout,
  place: ChatPlace,
  nowMs: number,
  { signButton, policy, sha256 }: CardPorts,
): Show {
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
    wanted: {
      digest: cardDigest(card, roundOf(rollout), sha256),
      version: rollout.version,
      hasButtons: card.buttons.length > 0,
      haltedAtMs: control.kind === 'halted' ? control.atMs : null,
      updateEveryMs: UPDATE_EVERY_MS[place.platform],
    },
  };
}

/**
 * Sends the message by which the cards are looked at again, unless one is under way that comes in time,
 * and only then says so in their states: what was not sent must not be relied on.
 */
async function wakeAgain(
  rollout: Rollout,
  ended: readonly PlaceEnd[],
  { clock, chatQueue, cards, log }: CardPorts,
): Promise<void> {
  const nowMs = clock.nowMs();
  const { rolloutId } = rollout;
  const looks = ended.flatMap(({ state, untilMs }) =>
    state.gone === '' ? (untilMs ?? nextLookMs(rollout, nowMs) ?? []) : [],
  );
  const nextMs = looks.length === 0 ? null : Math.min(...looks);
  const underWay = ended.map(({ state }) => state.wakeAtMs).filter((atMs) => atMs > nowMs);
  const isNeeded = nextMs !== null && !underWay.some((atMs) => atMs <= nextMs);
  const [error] = isNeeded
    ? await chatQueue.send([notBefore(nextMs, nowMs, { kind: 'card', rolloutId })])
    : [];
  const wakeAtMs = isNeeded && error === undefined ? nextMs : null;
  await settled(
    statesToSave(ended, wakeAtMs).map(async ({ before, after }) => {
      if ((await cards.save(before, after)) === 'saved') return;
      // Somebody took it for dead, or has been faster: what they know is as good.
      log('warn', 'card-overtaken', { rolloutId, platform: after.place.platform });
    }),
  );
  if (error !== undefined) throw error;
}

/** One state is enough to know of the message. */
function statesToSave(
  ended: readonly PlaceEnd[],
  wakeAtMs: number | null,
): { readonly before: CardState; readonly after: CardState }[] {
  const ours = ended.flatMap(({ isOurs, hasActed, state, saved }) =>
    isOurs && saved !== undefined ? [{ hasActed, state, saved }] : [],
  );
  const keeper = ours.find(({ hasActed }) => hasActed) ?? ours[0];
  return ours
    .filter((one) => one.hasActed || (one === keeper && wakeAtMs !== null))
    .map((one) => {
      const { state, saved } = one;
      const version = saved.version + 1;
      const told = one === keeper && wakeAtMs !== null ? { wakeAtMs } : {};
      return { before: saved, after: { ...state, version, ownerUntilMs: 0, ...told } };
    });
}

/** Waits for all of them before it throws: nothing may run on when a handler has returned. */
async function settled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(work);
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

import { placesOf } from '../../shared/domain/chat/card-places.ts';
import { now } from '../../shared/domain/model/messages.ts';
import type { Clock, Log, Queue, Rollouts } from '../../shared/domain/model/ports.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import type { Base } from '../entry.ts';
import { chatQueueOf } from './chat-queue.ts';
import { passedOn } from './passed-on.ts';

/** Most time of one call to the queue: our own choice, an answer must not wait long for a card. */
const WAKE_CALL_MS = 800;

/**
 * undefined without chats in the policy: then nothing of it is done.
 *
 * @throws {LatchkeyError} `not-valid` when the function knows no queue for it
 */
export function cardWakesOf(base: Base, rollouts: Rollouts): CardWakes | undefined {
  const { chat } = base.policy;
  if (!chat) return undefined;
  const { clock, log } = base;
  const chatQueue = chatQueueOf(base, WAKE_CALL_MS);
  const hasCards = ({ origin }: Rollout) => placesOf(origin, chat).length > 0;
  return withCardWakes(rollouts, hasCards, { chatQueue, clock, log });
}

export interface CardWakes {
  /** The same rollouts, but that what is written through them is taken note of. */
  readonly rollouts: Rollouts;
  /**
   * Has the cards of what was written looked at: one message for each rollout. Never rejects: a message
   * that is lost is made up for by the next one, and no rollout may suffer for its card.
   */
  flush(): Promise<void>;
}

/** A message that is lost is made up for by the timer, for so long after the row was written: our own choice. */
const MADE_UP_FOR_MS = 600_000;

/** @param hasCards whether the rollout is shown anywhere */
export function withCardWakes(
  rollouts: Rollouts,
  hasCards: (rollout: Rollout) => boolean,
  {
    chatQueue,
    clock,
    log,
  }: { readonly chatQueue: Queue; readonly clock: Clock; readonly log: Log },
): CardWakes {
  const written = new Set<string>();
  let isSweep = false;
  const note = (rollout: Rollout) => {
    if (hasCards(rollout)) written.add(rollout.rolloutId);
  };
  const isRecent = ({ updatedAtMs }: Rollout) => updatedAtMs > clock.nowMs() - MADE_UP_FOR_MS;
  return {
    rollouts: {
      ...passedOn(rollouts),
      async create(rollout) {
        const created = await rollouts.create(rollout);
        if (created === 'created') note(rollout);
        return created;
      },
      async save(before, after) {
        const saved = await rollouts.save(before, after);
        if (saved === 'saved') note(after);
        return saved;
      },
      // Whoever lists the open ones goes through them: one that waits for a person is written by nobody.
      async open() {
        isSweep = true;
        return rollouts.open();
      },
      async load(rolloutId) {
        const rollout = await rollouts.load(rolloutId);
        if (isSweep && rollout !== undefined && isRecent(rollout)) note(rollout);
        return rollout;
      },
    },
    async flush() {
      const ids = [...written];
      written.clear();
      isSweep = false;
      if (ids.length === 0) return;
      try {
        const wakes = ids.map((rolloutId) => now({ kind: 'card', rolloutId }));
        const errors = await chatQueue.send(wakes);
        const error = errors.find((one) => one !== undefined);
        if (error !== undefined) log('warn', 'card-wake-failed', { error });
      } catch (error) {
        log('error', 'bug', { error });
      }
    },
  };
}

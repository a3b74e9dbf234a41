import { placesOf } from '../../shared/domain/chat/card-places.ts';
import { now } from '../../shared/domain/model/messages.ts';
import type { Clock, Log, Queue, Rollouts } from '../../shared/domain/model/ports.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import type { Base } from '../entry.ts';
import { chatQueueOf } from './chat-queue.ts';
import { watchedRollouts } from './watched-rollouts.ts';

/** Most time for one call to the queue: our own choice, an answer must not wait long for a card. */
const WAKE_CALL_MS = 800;

/**
 * Messages for the cards of the policy's chats; undefined when the policy has no chat.
 *
 * @throws {LatchkeyError} `not-valid` when the function has no setting for the chat queue
 */
export function cardWakesOf(base: Base, rollouts: Rollouts): CardWakes | undefined {
  const { chat } = base.policy;
  if (!chat) return undefined;
  const { clock, log } = base;
  const chatQueue = chatQueueOf(base, WAKE_CALL_MS);
  const hasCards = ({ origin }: Rollout) => placesOf(origin, chat).length > 0;
  return withCardWakes(rollouts, hasCards, { chatQueue, clock, log });
}

interface CardWakes {
  /** The same rollouts. Every rollout that is written gets a message at the next `flush`. */
  readonly rollouts: Rollouts;
  /**
   * Sends one message for each written rollout, so that `messenger` updates its cards. Never rejects: the
   * next message makes up for a lost one, and no rollout may fail because of its card.
   */
  flush(): Promise<void>;
}

/** How long after a write the timer repeats a message that may have been lost: our own choice. */
const REPEAT_MS = 600_000;

/** @param hasCards whether any chat shows the rollout */
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
  const add = (rollout: Rollout) => {
    if (hasCards(rollout)) written.add(rollout.rolloutId);
  };
  const isRecent = ({ updatedAtMs }: Rollout) => updatedAtMs > clock.nowMs() - REPEAT_MS;
  return {
    rollouts: {
      ...watchedRollouts(rollouts, add),
      // The timer lists the open rollouts and then loads each. Nothing writes a rollout that waits for a
      // person, so a message for it is repeated here.
      async open() {
        isSweep = true;
        return rollouts.open();
      },
      async load(rolloutId) {
        const rollout = await rollouts.load(rolloutId);
        if (isSweep && rollout !== undefined && isRecent(rollout)) add(rollout);
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

import { signedText } from '../../shared/contract/answers/next-calls.ts';
import { now, type OutMessage } from '../../shared/domain/model/messages.ts';
import {
  deliverReplies,
  type ReplyPorts,
} from '../../shared/domain/rollouts/cards/deliver-replies.ts';
import { type CardPorts, refreshCards } from '../../shared/domain/rollouts/cards/refresh-cards.ts';
import type { Invocation } from '../../shared/domain/rollouts/carry-out.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { mapPool } from '../../shared/lib/pool.ts';
import { answerProbe } from '../../shared/domain/rollouts/probe.ts';
import type { Queue } from '../../shared/domain/model/ports.ts';
import type { FcContext } from '../../shared/inbound/fc.ts';
import { invocationOf } from '../../shared/inbound/invocation.ts';
import { readMessengerEvent } from '../../shared/inbound/messenger-event.ts';

/** How many rollouts are handled at once: our own choice. Each is a row of up to a thousand instances. */
const IN_FLIGHT = 4;

export type Ports = Omit<CardPorts, 'signedText'> & ReplyPorts & { readonly deadLetters: Queue };

export interface MessengerReport {
  readonly rollouts: number;
  readonly replies: number;
  /** For messages that cannot be read, and for rollouts that do not exist. */
  readonly deadLetters: number;
}

/**
 * Keeps the cards of rollouts up to date and delivers replies. It only reads rollouts, so that no failure here
 * can affect one.
 *
 * @throws {LatchkeyError} when a part of the batch failed. Function Compute then delivers the whole batch again,
 * and what was done is not repeated
 */
export function makeHandler(ports: Ports) {
  return async (bytes: Uint8Array, context: FcContext): Promise<MessengerReport> => {
    const startedMs = ports.clock.nowMs();
    const report = await handle(bytes, invocationOf(context, startedMs), ports);
    ports.log('info', 'messages', { ...report, tookMs: ports.clock.nowMs() - startedMs });
    return report;
  };
}

async function handle(
  bytes: Uint8Array,
  invocation: Invocation,
  ports: Ports,
): Promise<MessengerReport> {
  const { messages, unreadable } = readMessengerEvent(bytes);
  // Each rollout once, in the order of the first messages.
  const rolloutIds = [
    ...new Set(messages.flatMap((one) => (one.kind === 'card' ? [one.rolloutId] : []))),
  ];
  const replies = messages.flatMap((one) => (one.kind === 'reply' ? [one.reply] : []));
  const probes = messages.flatMap((one) => (one.kind === 'probe' ? [one.id] : []));
  const dead: OutMessage[] = unreadable.map(({ text, why }) =>
    now({ kind: 'dead', why, about: text }),
  );
  const failures: unknown[] = [];
  /** One failure does not stop the others. */
  const attempt = async (task: () => Promise<void>) => {
    try {
      await task();
    } catch (error) {
      ports.log('error', error instanceof LatchkeyError ? 'not-shown' : 'bug', { error });
      failures.push(error);
    }
  };
  // First, because people wait for replies.
  await attempt(() => deliverReplies(replies, ports, invocation));
  await mapPool(rolloutIds, IN_FLIGHT, (rolloutId) =>
    attempt(async () => {
      if (await refreshCards(rolloutId, { ...ports, signedText }, invocation)) return;
      // The whole message, so that a reader of dead letters sees that it was about a card.
      const about = { kind: 'card', rolloutId } as const;
      dead.push(now({ kind: 'dead', why: 'no such rollout', about }));
    }),
  );
  await mapPool(probes, IN_FLIGHT, (id) => attempt(() => answerProbe(id, [], ports.ledger)));
  const [lost] = (await ports.deadLetters.send(dead)).filter((error) => error !== undefined);
  const [first = lost] = failures;
  // The batch then comes again. Not even an unreadable message may get lost.
  if (first !== undefined) throw first;
  return { rollouts: rolloutIds.length, replies: replies.length, deadLetters: dead.length };
}

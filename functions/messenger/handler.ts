import { now, type OutMessage } from '../../shared/domain/model/messages.ts';
import type { Invocation } from '../../shared/domain/rollouts/carry-out.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { mapPool } from '../../shared/lib/pool.ts';
import { answerProbe } from '../../shared/domain/rollouts/probe.ts';
import type { Queue } from '../../shared/domain/model/ports.ts';
import type { FcContext } from '../../shared/inbound/fc.ts';
import { invocationOf } from '../../shared/inbound/invocation.ts';
import { readMessengerEvent } from '../../shared/inbound/messenger-event.ts';
import { type CardPorts, refreshCards } from './cards.ts';
import { deliverReplies, type ReplyPorts } from './replies.ts';

/** Rollouts whose cards are seen to at once: our own choice, each is a row of up to a thousand instances. */
const IN_FLIGHT = 4;

export type Ports = CardPorts & ReplyPorts & { readonly deadLetters: Queue };

export interface MessengerReport {
  readonly rollouts: number;
  readonly replies: number;
  /** Of messages that cannot be read, and of rollouts that do not exist. */
  readonly deadLetters: number;
}

/**
 * Shows in chats how rollouts are, and delivers answers. Nothing that goes wrong here does anything to a
 * rollout: it reads them, and never writes.
 *
 * @throws {LatchkeyError} when a part could not be done: the platform delivers the whole batch again,
 * and what is shown already is not shown again
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
  // Each once, in the order of their first messages.
  const rolloutIds = [
    ...new Set(messages.flatMap((one) => (one.kind === 'card' ? [one.rolloutId] : []))),
  ];
  const replies = messages.flatMap((one) => (one.kind === 'reply' ? [one.reply] : []));
  const probes = messages.flatMap((one) => (one.kind === 'probe' ? [one.id] : []));
  const dead: OutMessage[] = unreadable.map(({ text, why }) =>
    now({ kind: 'dead', why, about: text }),
  );
  const troubles: unknown[] = [];
  /** One part's trouble does not stop the others. */
  const attempt = async (task: () => Promise<void>) => {
    try {
      await task();
    } catch (error) {
      ports.log('error', error instanceof LatchkeyError ? 'not-shown' : 'bug', { error });
      troubles.push(error);
    }
  };
  // First: somebody waits for it.
  await attempt(() => deliverReplies(replies, ports, invocation));
  await mapPool(rolloutIds, IN_FLIGHT, (rolloutId) =>
    attempt(async () => {
      const found = await refreshCards(rolloutId, ports, invocation);
      if (found) return;
      // As the message that it was: what reads dead letters sees by it that it belongs to chats.
      const about = { kind: 'card', rolloutId } as const;
      dead.push(now({ kind: 'dead', why: 'no such rollout', about }));
    }),
  );
  await mapPool(probes, IN_FLIGHT, (id) => attempt(() => answerProbe(id, [], ports.ledger)));
  const [lost] = (await ports.deadLetters.send(dead)).filter((error) => error !== undefined);
  const [first = lost] = troubles;
  // Thrown, so that the batch comes again: not even an unreadable message may vanish.
  if (first !== undefined) throw first;
  return { rollouts: rolloutIds.length, replies: replies.length, deadLetters: dead.length };
}

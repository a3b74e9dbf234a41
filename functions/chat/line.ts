import { now } from '../../shared/domain/model/messages.ts';
import { textOf } from '../../shared/domain/chat/chat-text.ts';
import {
  faultCard,
  stopCard,
  understoodCard,
  whoamiCard,
} from '../../shared/domain/chat/cards/line-cards.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import type { ChatCommand, Order } from '../../shared/domain/model/order.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import {
  letGo,
  seeStop,
  stopAll,
  type StopPorts,
} from '../../shared/domain/rollouts/global-stop.ts';
import { signedText } from '../../shared/contract/answers/next-calls.ts';
import { statusCard, type StatusPorts } from '../../shared/domain/rollouts/cards/status-card.ts';
import { hexOf } from '../../shared/lib/hex.ts';
import { actionFor, MAX_ORDER_AGE_MS, orderIdOf } from '../../shared/domain/chat/orders.ts';
import { personWith } from '../../shared/domain/policy/people.ts';
import { permit } from '../../shared/domain/policy/permit.ts';
import type { Person } from '../../shared/domain/model/policy.ts';
import type { Queue, RequestLedger } from '../../shared/domain/model/ports.ts';
import type { LineIn } from '../../shared/messengers/chat-in.ts';
import { parseLine } from '../../shared/messengers/grammar/grammar.ts';
import { helpCard } from '../../shared/messengers/grammar/help.ts';
import { notThePlatform } from '../../shared/messengers/verify.ts';
import { sha256 } from '../../shared/outbound/sha256.ts';
import type { Seen } from './seen.ts';

export interface LinePorts
  extends Omit<StopPorts, 'rollouts'>, Omit<StatusPorts, 'stop' | 'signedText'> {
  readonly rollouts: StopPorts['rollouts'] & StatusPorts['rollouts'];
  readonly people: readonly Person[];
  readonly regionId: string;
  readonly ledger: RequestLedger;
  /** Where orders go. */
  readonly queue: Queue;
}

/**
 * Answers a line at once, or sends it on as an order and says so.
 *
 * @param seen receives what is found out about the line, for the log and for a card that shows a refusal
 * @throws {LatchkeyError} when the person may not, or when the queue or the store does not answer
 */
export async function answerLine(line: LineIn, ports: LinePorts, seen: Seen): Promise<Card> {
  const { account, place, text } = line;
  const person = personWith(account, ports.people);
  seen.personId = person?.id;
  const read = parseLine(text, ports);
  if (read.kind === 'fault') {
    seen.command = 'fault';
    return person === undefined ? whoamiCard(account, place) : faultCard(read.message, read.hint);
  }
  const { command } = read;
  seen.command = command.kind;
  seen.text = textOf(command);
  if (command.kind === 'help') return helpCard(command.about);
  if (command.kind === 'whoami' || person === undefined) {
    return whoamiCard(account, place, person?.id);
  }
  const action = actionFor(command);
  if (action !== null) permit(person.rule, action, 'person');
  if (command.kind === 'status') return statusCard(command.rolloutId, { ...ports, signedText });
  return changeSomething({ line, person, command, text: seen.text }, ports, seen);
}

interface Change {
  readonly line: LineIn;
  readonly person: Person;
  readonly command: Exclude<ChatCommand, { readonly kind: 'help' | 'whoami' | 'status' }>;
  readonly text: string;
}

/** At most once for each line, however often it is delivered. */
async function changeSomething(
  { line, person, command, text }: Change,
  ports: LinePorts,
  seen: Seen,
): Promise<Card> {
  const { account, replyTo, atMs } = line;
  const { ledger, clock, queue } = ports;
  const id = orderIdOf(account.platform, account.tenant, line.id, sha256);
  seen.orderId = id;
  checkAge(clock.nowMs() - atMs);
  const client = `chat:${account.platform}:${account.tenant}`;
  // Not of the bytes: the platform may encrypt the same line in another way when it sends it again.
  const digest = hexOf(sha256(JSON.stringify([account, line.place, line.text])));
  const taken = await ledger.take(client, line.id, digest);
  if (taken === 'another') throw notThePlatform();
  const once = async (act: () => Promise<Card>): Promise<Card> => {
    if (taken === 'done') return stopCard(await seeStop(ports));
    const card = await act();
    await ledger.finish(client, line.id);
    return card;
  };
  if (command.kind === 'stop') {
    return once(async () => stopCard(await stopAll(`${person.id} ${id}`, command.reason, ports)));
  }
  if (command.kind === 'go') return once(async () => stopCard(await letGo(ports)));
  const [via, personId] = ['line' as const, person.id];
  await sendOrder({ id, personId, account, replyTo, atMs, via, text, command }, queue);
  return understoodCard(text, id);
}

function checkAge(ageMs: number): void {
  if (ageMs <= MAX_ORDER_AGE_MS) return;
  const why = 'it was delivered too late, write it again';
  throw new LatchkeyError('conflict', `Cannot do what was asked ${minutes(ageMs)} ago: ${why}`);
}

const minutes = (ms: number) => `${Math.floor(ms / 60_000)} minutes`;

/** Can be repeated: the order's id makes the second one harmless. */
export async function sendOrder(order: Order, queue: Queue): Promise<void> {
  const [error] = await queue.send([now({ kind: 'order', order })]);
  if (error !== undefined) throw error;
}

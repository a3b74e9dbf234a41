import { now } from '../../shared/domain/model/messages.ts';
import { textOf } from '../../shared/domain/chat/chat-text.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import type { ChatCommand, Order } from '../../shared/domain/model/order.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import {
  letGo,
  seeStop,
  stopAll,
  type StopPorts,
} from '../../shared/domain/rollouts/global-stop.ts';
import { actionFor, MAX_ORDER_AGE_MS, orderIdOf } from '../../shared/domain/chat/orders.ts';
import { personWith } from '../../shared/domain/policy/people.ts';
import { permit } from '../../shared/domain/policy/permit.ts';
import type { Person } from '../../shared/domain/model/policy.ts';
import type { Queue, RequestLedger } from '../../shared/domain/model/ports.ts';
import type { LineIn } from '../../shared/messengers/chat-in.ts';
import { parseLine } from '../../shared/messengers/grammar/grammar.ts';
import { helpCard } from '../../shared/messengers/grammar/help.ts';
import { notThePlatform } from '../../shared/messengers/refuse.ts';
import { sha256 } from '../../shared/outbound/sha256.ts';
import { faultCard, stopCard, understoodCard, whoamiCard } from './cards.ts';
import { sha256Hex } from './receive.ts';
import type { Seen } from './seen.ts';
import { statusCard, type StatusPorts } from './status.ts';

export interface LinePorts extends Omit<StopPorts, 'rollouts'>, Omit<StatusPorts, 'stop'> {
  readonly rollouts: StopPorts['rollouts'] & StatusPorts['rollouts'];
  readonly people: readonly Person[];
  readonly regionId: string;
  readonly ledger: RequestLedger;
  /** Where orders go. */
  readonly queue: Queue;
}

/**
 * Does what a line says, or sends it on, and says which.
 *
 * @param seen is told of what is known, for the log and for whoever has to say what went wrong
 * @throws {LatchkeyError} when it cannot be done, or the person may not
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
  if (command.kind === 'status') return statusCard(command.rolloutId, ports);
  return carryOut({ line, person, command, text: seen.text }, ports, seen);
}

interface Changing {
  readonly line: LineIn;
  readonly person: Person;
  readonly command: Exclude<ChatCommand, { readonly kind: 'help' | 'whoami' | 'status' }>;
  readonly text: string;
}

async function carryOut(
  { line, person, command, text }: Changing,
  ports: LinePorts,
  seen: Seen,
): Promise<Card> {
  const { account, replyTo, atMs } = line;
  const { ledger, clock, queue } = ports;
  const id = orderIdOf(account.platform, account.tenant, line.id, sha256);
  seen.orderId = id;
  checkAge(clock.nowMs() - atMs);
  const client = `chat:${account.platform}:${account.tenant}`;
  // Not the bytes: what is sent again may be encrypted anew.
  const digest = sha256Hex(JSON.stringify([account, line.place, line.text]));
  const taken = await ledger.take(client, line.id, digest);
  if (taken === 'another') throw notThePlatform();
  const once = async (act: () => Promise<Card>): Promise<Card> => {
    if (taken === 'done') return stopCard(await seeStop(ports));
    const card = await act();
    await ledger.finish(client, line.id);
    return card;
  };
  switch (command.kind) {
    case 'stop':
      return once(async () => stopCard(await stopAll(`${person.id} ${id}`, command.reason, ports)));
    case 'go':
      return once(async () => stopCard(await letGo(ports)));
    case 'ask':
    case 'undo':
    case 'approve':
    case 'deny':
    case 'pause':
    case 'resume':
    case 'abort': {
      const via = 'line';
      await sendOrder(
        { id, personId: person.id, account, replyTo, atMs, via, text, command },
        queue,
      );
      return understoodCard(text, id);
    }
  }
}

function checkAge(ageMs: number): void {
  if (ageMs <= MAX_ORDER_AGE_MS) return;
  const why = 'it was delivered too late, write it again';
  throw new LatchkeyError('conflict', `Cannot do what was asked ${minutes(ageMs)} ago: ${why}`);
}

const minutes = (ms: number) => `${Math.floor(ms / 60_000)} minutes`;

/** Safe to repeat: it is known by its id. */
export async function sendOrder(order: Order, queue: Queue): Promise<void> {
  const [error] = await queue.send([now({ kind: 'order', order })]);
  if (error !== undefined) throw error;
}

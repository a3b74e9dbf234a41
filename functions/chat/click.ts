import { refusedCard, wordsCard } from '../../shared/domain/chat/cards/answer-cards.ts';
import { whoamiCard } from '../../shared/domain/chat/cards/line-cards.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import { textOf } from '../../shared/domain/chat/chat-text.ts';
import type { ReplyTo } from '../../shared/domain/model/chat.ts';
import type { OrderCommand } from '../../shared/domain/model/order.ts';
import { orderIdOf } from '../../shared/domain/chat/orders.ts';
import { personWith } from '../../shared/domain/policy/people.ts';
import { permit } from '../../shared/domain/policy/permit.ts';
import type { Person } from '../../shared/domain/model/policy.ts';
import type { Log, Queue, RequestLedger } from '../../shared/domain/model/ports.ts';
import {
  type ButtonKey,
  type ButtonRead,
  readButtonToken,
} from '../../shared/messengers/button-token.ts';
import type { ClickIn } from '../../shared/messengers/chat-in.ts';
import { sha256 } from '../../shared/outbound/sha256.ts';
import { sendOrder } from './line.ts';
import { refusalToShow } from './refusal.ts';
import type { Seen } from './seen.ts';

export interface ClickPorts {
  readonly people: readonly Person[];
  readonly ledger: RequestLedger;
  /** Where orders go. */
  readonly queue: Queue;
  /** What tokens of buttons are verified with. */
  readonly buttonKeys: readonly ButtonKey[];
  readonly log: Log;
}

export interface ClickAnswer {
  readonly kind: 'sent-on' | 'refused';
  /** The order as Latchkey understood it, or why there is none. */
  readonly card: Card;
  /** null: the conversation is not known. */
  readonly replyTo: ReplyTo | null;
}

/** Sends on the order that the button stands for, or says why not. */
export async function answerClick(
  click: ClickIn,
  nowMs: number,
  ports: ClickPorts,
  seen: Seen,
): Promise<ClickAnswer> {
  const { account, token } = click;
  const { platform, tenant, user } = account;
  seen.command = 'click';
  const where = { platform, tenant, channel: click.place?.channel ?? null };
  const read = readButtonToken(token, where, ports.buttonKeys, nowMs);
  if (read.kind === 'bad') {
    seen.command = `click-${read.why}`;
    const tone = read.why === 'expired' ? 'warning' : 'bad';
    const card = wordsCard('Nothing done', [BAD[read.why]], tone);
    return { kind: 'refused', card, replyTo: click.replyTo };
  }
  const replyTo = click.replyTo ?? { place: read.place, user, url: '', untilMs: 0, messageId: '' };
  try {
    return { ...(await orderOf(click, read, replyTo, ports, seen)), replyTo };
  } catch (error) {
    const card = refusedCard(refusalToShow(error, ports.log), seen.text ?? '');
    return { kind: 'refused', card, replyTo };
  }
}

type GoodButton = ButtonRead & { readonly kind: 'good' };

/**
 * A button works once for each person. The order's id follows from the button's token and the person, so a
 * second press is the same order, even while the first is on its way.
 *
 * @throws {LatchkeyError} when the person may not, or when the queue or the store does not answer
 */
async function orderOf(
  { account, atMs }: ClickIn,
  read: GoodButton,
  replyTo: ReplyTo,
  { people, ledger, queue }: ClickPorts,
  seen: Seen,
): Promise<Omit<ClickAnswer, 'replyTo'>> {
  const person = personWith(account, people);
  if (person === undefined) return { kind: 'refused', card: whoamiCard(account, read.place) };
  const command = commandOf(read);
  const text = textOf(command);
  Object.assign(seen, { personId: person.id, command: command.kind, text });
  permit(person.rule, command.kind, 'person');
  const key = `${read.jti}:${person.id}`;
  const id = orderIdOf(account.platform, account.tenant, key, sha256);
  seen.orderId = id;
  if ((await ledger.take('chat:token', key, id)) !== 'open') {
    const lines = ['You have pressed it already; what became of it was answered then.'];
    return { kind: 'refused', card: wordsCard('Pressed before', lines) };
  }
  const via = 'button';
  const order = { id, personId: person.id, account, replyTo, atMs, via, text, command } as const;
  await sendOrder(order, queue);
  await ledger.finish('chat:token', key);
  return { kind: 'sent-on', card: wordsCard('Understood', [text]) };
}

function commandOf({ action, rolloutId, planDigest }: GoodButton): OrderCommand {
  if (action === 'approve') return { kind: action, rolloutId, planDigest };
  if (action === 'undo') return { kind: action, rolloutId, dryRun: false };
  return { kind: action, rolloutId };
}

const BAD = {
  forged: 'This is no button of ours.',
  elsewhere: 'This button belongs to another conversation.',
  expired: 'This button has expired: ask for the status.',
} as const;

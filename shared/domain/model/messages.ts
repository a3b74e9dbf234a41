import type { Card } from './card.ts';
import type { ReplyTo } from './chat.ts';
import type { InstanceId } from './instance.ts';
import type { Launch } from './launch.ts';
import type { NoticeMessage } from './notice-message.ts';
import type { Order } from './order.ts';

/** Everything that goes through a queue of ours. How each is written: `shared/contract/messages`. */
export type Message =
  /** Moves a rollout on. */
  | { readonly kind: 'wake'; readonly rolloutId: string }
  /** The outcome of one instance. It wakes the rollout as well. */
  | { readonly kind: 'result'; readonly result: Result }
  /** One instance was launched, as one event told of it. */
  | { readonly kind: 'launch'; readonly launch: Launch }
  /** Launches that wait to be answered together. Sent as several messages where they are many. */
  | { readonly kind: 'launches'; readonly launches: readonly Launch[] }
  /** One delivery of one notice to one channel. */
  | { readonly kind: 'notice'; readonly notice: NoticeMessage }
  /** What a person ordered in a chat. */
  | { readonly kind: 'order'; readonly order: Order }
  /** An answer to whoever wrote or pressed in a chat. */
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** The cards of a rollout may have to change. */
  | { readonly kind: 'card'; readonly rolloutId: string }
  /** A check that messages arrive. */
  | { readonly kind: 'probe'; readonly id: string }
  /** What could not be processed, and why, for a person to look at. `about`: the message or its text. */
  | { readonly kind: 'dead'; readonly why: string; readonly about: Message | string };

export type MessageOf<K extends Message['kind']> = Message & { readonly kind: K };

/** The outcome of one instance, as it is told to whoever reads results. */
export interface Result {
  readonly rolloutId: string;
  readonly regionId: string;
  /** null: the key pair was detached. */
  readonly keyPairName: string | null;
  readonly instanceId: InstanceId;
  readonly outcome: Readonly<Record<string, unknown>> & {
    readonly kind: 'attached' | 'failed' | 'skipped' | 'unknown' | 'waiting';
  };
  /** How the instance is still to be restarted. */
  readonly next: 'reboot' | 'start' | 'none';
  /** Only of an attached one; milliseconds since the epoch. */
  readonly attachedAtMs?: number;
}

export interface Reply {
  /** The same for each delivery of one answer. Another answer to the same line needs another one. */
  readonly id: string;
  readonly to: ReplyTo;
  readonly card: Card;
  /** Which try this is, from 1. */
  readonly attempt: number;
}

/** A message on its way out. */
export interface OutMessage<M extends Message = Message> {
  readonly message: M;
  /** 0 to 604,800 (7 days): https://help.aliyun.com/document_detail/128343.html */
  readonly delaySeconds: number;
}

/** Longest delay of a message: 7 days, https://help.aliyun.com/document_detail/128343.html */
const MAX_DELAY_SECONDS = 604_800;

/** A message that arrives as soon as it can. */
export function now<M extends Message>(message: M): OutMessage<M> {
  return { message, delaySeconds: 0 };
}

/** A message that arrives not before `atMs`, or after 7 days where that is earlier. */
export function notBefore<M extends Message>(
  atMs: number,
  nowMs: number,
  message: M,
): OutMessage<M> {
  const delaySeconds = Math.max(0, Math.ceil((atMs - nowMs) / 1_000));
  return { message, delaySeconds: Math.min(MAX_DELAY_SECONDS, delaySeconds) };
}

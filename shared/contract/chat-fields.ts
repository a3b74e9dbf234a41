import * as v from 'valibot';
import { PLATFORMS } from '../domain/model/chat.ts';

/**
 * What our own messages say of chats (shared/domain/model/chat.ts). Whoever sent them had verified it: the
 * limits keep nonsense out, and say nothing of who may.
 */

const PlatformName = v.picklist(PLATFORMS);

/** Longest id of a platform: our own choice, several times as long as any that was seen. */
const ChatId = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** Longest address to answer to: our own choice. */
const ReplyUrl = v.pipe(v.string(), v.maxLength(2_000));

/** Milliseconds since the epoch. */
const Moment = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const ChatAccountFields = v.object({
  platform: PlatformName,
  tenant: ChatId,
  user: ChatId,
});

export const ChatPlaceFields = v.object({
  platform: PlatformName,
  tenant: ChatId,
  channel: ChatId,
});

export const ReplyToFields = v.object({
  place: ChatPlaceFields,
  user: ChatId,
  url: ReplyUrl,
  untilMs: Moment,
  messageId: v.pipe(v.string(), v.maxLength(200)),
});

/** Longest text of a card: our own choice. A message takes 64 KB in all. */
const CardText = v.pipe(v.string(), v.maxLength(12_000));

export const CardFields = v.object({
  title: CardText,
  tone: v.picklist(['neutral', 'good', 'warning', 'bad']),
  blocks: v.array(
    v.variant('kind', [
      v.object({ kind: v.literal('text'), text: CardText }),
      v.object({ kind: v.literal('facts'), facts: v.array(v.tuple([CardText, CardText])) }),
      v.object({ kind: v.literal('code'), text: CardText }),
    ]),
  ),
  buttons: v.array(
    v.object({
      action: v.picklist(['approve', 'deny', 'pause', 'resume', 'abort', 'undo']),
      label: CardText,
      style: v.picklist(['primary', 'danger', 'plain']),
      confirm: CardText,
      token: CardText,
    }),
  ),
  mention: v.nullable(ChatId),
});

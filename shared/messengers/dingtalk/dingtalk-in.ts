import * as v from 'valibot';
import { readStrictJson } from '../../contract/read-strict-json.ts';
import type { ChatIn } from '../chat-in.ts';
import { decryptDingTalk } from './dingtalk-crypto.ts';
import type { MessengerApp } from '../messenger-app.ts';
import { readPayload } from '../read-payload.ts';
import { notThePlatform } from '../verify.ts';
import { originOf, pinnedUrl } from '../pinned-url.ts';
import { whoAndWhere } from '../who-and-where.ts';
import { SESSION_HOST, SESSION_PATH } from './dingtalk-session.ts';

export interface DingTalkApp extends MessengerApp {
  readonly corpId: string;
  readonly robotCode: string;
  /** undefined: messages are not encrypted. */
  readonly aesKey?: string | undefined;
}

/** DingTalk documents no form. */
const DingTalkId = v.pipe(v.string(), v.regex(/^[^\s\p{C}]{1,200}$/u));
/** Milliseconds since the epoch. */
const Moment = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const Sealed = v.object({ encrypt: v.string() });

/** https://open.dingtalk.com/document/development/receive-message */
const Robot = v.object({
  chatbotCorpId: DingTalkId,
  senderCorpId: v.optional(v.string(), ''),
  robotCode: DingTalkId,
  /** Only members of the organization have one. */
  senderStaffId: v.optional(v.union([DingTalkId, v.literal('')]), ''),
  conversationId: DingTalkId,
  msgId: DingTalkId,
  createAt: v.optional(Moment),
  msgtype: v.string(),
  text: v.optional(v.object({ content: v.string() })),
  sessionWebhook: v.optional(v.string(), ''),
  sessionWebhookExpiredTime: v.optional(Moment, 0),
});

/** The official examples of `sessionWebhook` end after 90 minutes. A later end is not believed: our own choice. */
const MAX_SESSION_MS = 2 * 3_600_000;

/**
 * Reads a message to the robot. Only its headers were verified, **not its body**: whoever captured such headers could
 * have written it.
 *
 * @throws {LatchkeyError} `unsigned` for another organization or robot, and for a body that should be encrypted and is
 * not; `bad-request` when it cannot be read
 */
export function readRobotMessage(body: Uint8Array, app: DingTalkApp, nowMs: number): ChatIn {
  const message = readPayload(Robot, opened(body, app), 'the message');
  const { chatbotCorpId, robotCode } = message;
  if (chatbotCorpId !== app.corpId || robotCode !== app.robotCode) {
    throw notThePlatform(`to robot ${robotCode} of ${chatbotCorpId}`);
  }
  if (message.senderCorpId !== app.corpId || message.senderStaffId === '') {
    return { kind: 'ignored', why: 'of nobody in the organization' };
  }
  const { account, place } = whoAndWhere(
    'dingtalk',
    app.corpId,
    message.senderStaffId,
    message.conversationId,
  );
  const origin = originOf(SESSION_HOST, app.endpoint);
  const url = pinnedUrl(message.sessionWebhook, origin, SESSION_PATH)?.href ?? '';
  const untilMs =
    url === '' ? 0 : Math.min(message.sessionWebhookExpiredTime, nowMs + MAX_SESSION_MS);
  return {
    kind: 'line',
    account,
    place,
    // DingTalk removes the mention of the robot, but not the space after it.
    text: message.msgtype === 'text' ? (message.text?.content ?? '').trim() : '',
    id: message.msgId,
    atMs: Math.min(message.createAt ?? nowMs, nowMs),
    replyTo: { place, user: account.user, url, untilMs, messageId: '' },
  };
}

function opened(body: Uint8Array, { aesKey }: DingTalkApp): unknown {
  const json = readStrictJson(body, 'the message');
  if (aesKey === undefined) return json;
  const sealed = v.safeParse(Sealed, json);
  const plain = sealed.success ? decryptDingTalk(sealed.output.encrypt, aesKey) : undefined;
  if (plain === undefined) throw notThePlatform();
  return readStrictJson(plain, 'the message');
}

/** https://open.dingtalk.com/document/development/event-callback-card */
const CardCallback = v.object({
  type: v.string(),
  outTrackId: v.pipe(v.string(), v.maxLength(200)),
  corpId: DingTalkId,
  userId: DingTalkId,
  /** JSON as text. An older page of DingTalk calls it `value`. */
  content: v.optional(v.string()),
  value: v.optional(v.string()),
});
const Pressed = v.object({
  cardPrivateData: v.object({ params: v.object({ token: v.string() }) }),
});

/**
 * Reads a press of a button on a card. As in `readRobotMessage`, the body was not verified. It does not say in which
 * conversation the button was pressed.
 */
export function readCardClick(body: Uint8Array, app: DingTalkApp, nowMs: number): ChatIn {
  const click = readPayload(
    CardCallback,
    readStrictJson(body, 'the card callback'),
    'the callback',
  );
  if (click.corpId !== app.corpId) throw notThePlatform(`in ${click.corpId}`);
  if (click.type !== 'actionCallback') return { kind: 'ignored', why: 'no press of a button' };
  const content = readStrictJson(click.content ?? click.value ?? '', "the callback's content");
  const pressed = v.safeParse(Pressed, content);
  if (!pressed.success) return { kind: 'ignored', why: 'no button of ours' };
  return {
    kind: 'click',
    account: { platform: 'dingtalk', tenant: app.corpId, user: click.userId },
    place: null,
    token: pressed.output.cardPrivateData.params.token,
    atMs: nowMs,
    replyTo: null,
    cardMessageId: click.outTrackId,
  };
}

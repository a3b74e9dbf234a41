import { randomBytes } from 'node:crypto';
import type { Conversation, Message } from '../conversation.ts';
import type { Surroundings } from '../platform.ts';
import { jsonObject, type Route, type WireReply } from '../wire.ts';
import { WORKSPACE } from '../workspace.ts';
import { mentionsIn, readMessage } from './message-of.ts';
import type { Timestamps } from './timestamps.ts';

/** "up to 5 times within 30 minutes": https://docs.slack.dev/interactivity/handling-user-interaction */
const MAX_USES = 5;
const LIFE_MS = 30 * 60_000;

interface Ticket {
  readonly memberId: string;
  /** The message whose button was pressed; undefined for a slash command. */
  readonly message: Message | undefined;
  readonly untilMs: number;
  uses: number;
}

/** Answers to a slash command or a click: no token, the address is the secret. */
export class ResponseUrls {
  readonly routes: readonly Route[];
  readonly #tickets = new Map<string, Ticket>();
  readonly #conversation: Conversation;
  readonly #timestamps: Timestamps;
  readonly #surroundings: Surroundings;

  constructor(conversation: Conversation, timestamps: Timestamps, surroundings: Surroundings) {
    this.#conversation = conversation;
    this.#timestamps = timestamps;
    this.#surroundings = surroundings;
    this.routes = [
      {
        method: 'POST',
        path: /^(\/(?:commands|actions)\/.+)$/,
        answer: (request, [path]) => this.#answer(path!, request.body),
      },
    ];
  }

  issue(kind: 'commands' | 'actions', memberId: string, message?: Message): string {
    const { nowMs, ownUrl } = this.#surroundings;
    const path = `/${kind}/${WORKSPACE.slack.teamId}/${nowMs()}/${randomBytes(18).toString('base64url')}`;
    this.#tickets.set(path, { memberId, message, untilMs: nowMs() + LIFE_MS, uses: 0 });
    return `${ownUrl()}${path}`;
  }

  #answer(path: string, bytes: Buffer): WireReply {
    const { nowMs } = this.#surroundings;
    const ticket = this.#tickets.get(path);
    // The status and the words for one that is used up are not documented: they are our own choice.
    if (ticket === undefined) return { status: 404, body: 'no_service' };
    if (nowMs() > ticket.untilMs || ticket.uses >= MAX_USES)
      return { status: 404, body: 'used_url' };
    ticket.uses++;
    const fields = jsonObject(bytes);
    if (fields === undefined) return { status: 400, body: 'invalid_payload' };
    const { message } = ticket;
    if (fields['delete_original'] === true && message !== undefined) {
      this.#conversation.remove(message);
      return { status: 200, body: 'ok' };
    }
    const others = ['response_type', 'replace_original', 'delete_original'];
    const read = readMessage(fields, others);
    if (read.kind === 'fault') return { status: 400, body: read.error };
    if (fields['replace_original'] === true && message !== undefined) {
      this.#conversation.edit(message, read.body);
    } else this.show(read.body, fields['response_type'] === 'in_channel' ? null : ticket.memberId);
    return { status: 200, body: 'ok' };
  }

  /** Something that the app says in answer. */
  show(body: Message['body'], onlyFor: string | null): void {
    this.#conversation.add({
      platform: 'slack',
      id: this.#timestamps.next(),
      author: 'latchkey',
      atMs: this.#surroundings.nowMs(),
      onlyFor,
      mentions: mentionsIn(body),
      body,
    });
  }
}

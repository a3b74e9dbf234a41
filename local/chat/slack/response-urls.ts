import { randomBytes } from 'node:crypto';
import type { Message } from '../conversation.ts';
import type { Surroundings } from '../platform.ts';
import { jsonObject, type Route, type WireReply, type WireRequest } from '../wire.ts';
import { WORKSPACE } from '../workspace.ts';
import type { Channel } from './channel.ts';
import { readMessage } from './message-of.ts';

/** "up to 5 times within 30 minutes": https://docs.slack.dev/interactivity/handling-user-interaction */
const MAX_USES = 5;
const LIFE_MS = 30 * 60_000;
/** What a request may contain besides text and blocks. */
const OPTIONS = ['response_type', 'replace_original', 'delete_original'];

interface Ticket {
  readonly memberId: string;
  /** The message whose button was pressed; undefined for a slash command. */
  readonly message: Message | undefined;
  readonly untilMs: number;
  uses: number;
}

export interface ResponseUrls {
  readonly route: Route;
  /** @returns a new response URL, for a slash command or, with `message`, for a click on its button */
  issue(kind: 'commands' | 'actions', memberId: string, message?: Message): string;
}

/** Response URLs answer a slash command or a click. They need no token: the address itself is the secret. */
export function responseUrls(
  channel: Channel,
  { conversation, nowMs, ownUrl }: Surroundings,
): ResponseUrls {
  const tickets = new Map<string, Ticket>();
  return {
    route: { method: 'POST', path: /^\/(?:commands|actions)\/.+$/, answer },
    issue(kind, memberId, message) {
      const secret = randomBytes(18).toString('base64url');
      const path = `/${kind}/${WORKSPACE.slack.teamId}/${nowMs()}/${secret}`;
      tickets.set(path, { memberId, message, untilMs: nowMs() + LIFE_MS, uses: 0 });
      return `${ownUrl()}${path}`;
    },
  };

  function answer({ path, body }: WireRequest): WireReply {
    const ticket = tickets.get(path);
    // Slack documents neither status nor text for an invalid or used URL: both are our own choice.
    if (ticket === undefined) return { status: 404, body: 'no_service' };
    if (nowMs() > ticket.untilMs || ticket.uses >= MAX_USES) {
      return { status: 404, body: 'used_url' };
    }
    ticket.uses++;
    const fields = jsonObject(body);
    if (fields === undefined) return { status: 400, body: 'invalid_payload' };
    const { message } = ticket;
    if (fields['delete_original'] === true && message !== undefined) {
      conversation.remove(message);
      return { status: 200, body: 'ok' };
    }
    const read = readMessage(fields, OPTIONS);
    if (read.kind === 'fault') return { status: 400, body: read.error };
    if (fields['replace_original'] === true && message !== undefined) {
      conversation.edit(message, read.body);
    } else {
      channel.add(read.body, fields['response_type'] === 'in_channel' ? null : ticket.memberId);
    }
    return { status: 200, body: 'ok' };
  }
}

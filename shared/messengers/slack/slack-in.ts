import * as v from 'valibot';
import type { ReplyTo } from '../../domain/model/chat.ts';
import { readStrictJson } from '../../contract/read-strict-json.ts';
import type { ChatIn } from '../chat-in.ts';
import { parseForm } from '../form.ts';
import type { MessengerApp } from '../messenger-app.ts';
import { readPayload } from '../read-payload.ts';
import { notThePlatform } from '../verify.ts';
import { originOf, pinnedUrl } from '../pinned-url.ts';
import { whoAndWhere, type WhoAndWhere } from '../who-and-where.ts';
import { HOOK_PATH, HOOKS_HOST } from './slack-hooks.ts';
import { typedText } from './slack-text.ts';

/** Slack's documentation gives no form: these are the forms that were seen. */
const SlackId = v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9]{1,30}$/));
/** Of lines and of clicks: `13345224609.738474920.8088930838d88f008e0`. */
const TriggerId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,200}$/));

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
const Slash = v.object({
  team_id: SlackId,
  api_app_id: SlackId,
  channel_id: SlackId,
  user_id: SlackId,
  text: v.optional(v.string(), ''),
  response_url: v.optional(v.string(), ''),
  trigger_id: TriggerId,
});

/** The fields of every kind of interaction that identify workspace and app. */
const Interaction = v.object({
  type: v.string(),
  /** null if the app is installed for a whole organization. */
  team: v.nullish(v.object({ id: SlackId })),
  user: v.object({ id: SlackId, team_id: v.optional(SlackId) }),
  api_app_id: SlackId,
});

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
const BlockActions = v.object({
  ...Interaction.entries,
  container: v.object({
    message_ts: v.optional(v.pipe(v.string(), v.regex(/^[0-9.]{1,40}$/)), ''),
    channel_id: v.optional(SlackId),
  }),
  channel: v.optional(v.object({ id: SlackId })),
  trigger_id: TriggerId,
  response_url: v.optional(v.string(), ''),
  actions: v.array(v.object({ type: v.string(), value: v.optional(v.string()) })),
});

/** A `response_url` works for half an hour, and five times: https://docs.slack.dev/legacy/legacy-dialogs */
const RESPONSE_URL_MS = 30 * 60_000;

export interface SlackApp extends MessengerApp {
  readonly teamId: string;
  readonly appId: string;
  readonly signingSecret: string;
}

/**
 * Reads a slash command or a press of a button. The signature of the bytes must have been verified.
 *
 * @throws {LatchkeyError} `unsigned` for another workspace or app; `bad-request` when it cannot be read
 */
export function readSlack(body: Uint8Array, app: SlackApp, nowMs: number): ChatIn {
  const form = parseForm(body);
  // Slack checks whether the address answers.
  if (form.get('ssl_check') === '1') return { kind: 'handshake', answer: {} };
  const payload = form.get('payload');
  if (payload !== undefined) return readInteraction(payload, app, nowMs);
  const command = readPayload(Slash, Object.fromEntries(form), 'the slash command');
  checkApp(command.team_id, command.api_app_id, app);
  const where = whoAndWhere('slack', command.team_id, command.user_id, command.channel_id);
  return {
    kind: 'line',
    ...where,
    text: typedText(command.text),
    id: command.trigger_id,
    atMs: nowMs,
    replyTo: replyTo(where, command.response_url, app, nowMs),
  };
}

function readInteraction(payload: string, app: SlackApp, nowMs: number): ChatIn {
  const json = readStrictJson(payload, 'the interaction');
  const { type, team, user, api_app_id } = readPayload(Interaction, json, 'the interaction');
  checkApp(team?.id ?? user.team_id ?? '', api_app_id, app);
  // In a shared channel, the user can be of another workspace.
  if (user.team_id !== undefined) checkApp(user.team_id, api_app_id, app);
  if (type !== 'block_actions') return { kind: 'ignored', why: 'no press of a button' };
  const click = readPayload(BlockActions, json, 'the interaction');
  const [action] = click.actions;
  const channel = click.channel?.id ?? click.container.channel_id;
  if (click.actions.length !== 1 || action?.value === undefined || channel === undefined) {
    return { kind: 'ignored', why: 'no button of ours' };
  }
  const where = whoAndWhere('slack', app.teamId, user.id, channel);
  return {
    kind: 'click',
    ...where,
    token: action.value,
    atMs: nowMs,
    replyTo: replyTo(where, click.response_url, app, nowMs),
    cardMessageId: click.container.message_ts,
  };
}

function checkApp(teamId: string, appId: string, app: SlackApp): void {
  if (teamId === app.teamId && appId === app.appId) return;
  throw notThePlatform(`of workspace ${teamId}, app ${appId}`);
}

function replyTo(
  { account, place }: WhoAndWhere,
  responseUrl: string,
  { endpoint }: SlackApp,
  nowMs: number,
): ReplyTo {
  const origin = originOf(HOOKS_HOST, endpoint);
  const url = pinnedUrl(responseUrl, origin, HOOK_PATH)?.href ?? '';
  const untilMs = url === '' ? 0 : nowMs + RESPONSE_URL_MS;
  return { place, user: account.user, url, untilMs, messageId: '' };
}

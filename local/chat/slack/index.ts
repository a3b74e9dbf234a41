import { randomBytes } from 'node:crypto';
import { type Called, callFunction } from '../call-function.ts';
import type { Conversation, Message } from '../conversation.ts';
import { type EmulatedPlatform, PressError, type Surroundings } from '../platform.ts';
import { type Fields, isFields, jsonObject } from '../wire.ts';
import { type Member, WORKSPACE } from '../workspace.ts';
import { readMessage } from './message-of.ts';
import { ResponseUrls } from './response-urls.ts';
import { slackHeaders } from './sign.ts';
import { Timestamps } from './timestamps.ts';
import { webApi } from './web-api.ts';

const { slack, channelName } = WORKSPACE;

/** Slash commands, Block Kit buttons, the Web API and response URLs. */
export function emulatedSlack(
  conversation: Conversation,
  secrets: { readonly slackSigningSecret: string; readonly slackBotToken: string },
  surroundings: Surroundings,
): EmulatedPlatform {
  const { nowMs, functionUrl, deadlineMs } = surroundings;
  const timestamps = new Timestamps(nowMs);
  const urls = new ResponseUrls(conversation, timestamps, surroundings);

  return {
    routes: [
      ...webApi(conversation, secrets.slackBotToken, timestamps, surroundings),
      ...urls.routes,
    ],

    async say(member, text) {
      const said = `${slack.command} ${text}`.trimEnd();
      // Nobody else sees what was typed: the client itself keeps it.
      add(member.id, member.id, { kind: 'text', text: escaped(said) });
      const called = await post({
        token: 'deprecated',
        team_id: slack.teamId,
        team_domain: slack.teamDomain,
        channel_id: slack.channelId,
        channel_name: channelName,
        user_id: member.accounts.slack,
        user_name: member.id,
        command: slack.command,
        text: escaped(text),
        api_app_id: slack.appId,
        is_enterprise_install: 'false',
        response_url: urls.issue('commands', member.id),
        trigger_id: triggerId(),
      });
      const fault = showAnswer(member, called);
      if (fault !== undefined) {
        const words = `${slack.command} failed with the error "${fault}"`;
        add('slack', member.id, { kind: 'text', text: words });
      }
      return called;
    },

    async press(member, message, index) {
      const { block, button } = buttonOf(message, index);
      const payload = blockActions(member, message, block, button);
      const called = await post({ payload: JSON.stringify(payload) });
      if (called.kind !== 'answered' || called.status !== 200) {
        conversation.toast(
          'slack',
          member.id,
          'error',
          'Something went wrong: the app did not respond',
        );
      }
      return called;
    },
  };

  function post(fields: Readonly<Record<string, string>>): Promise<Called> {
    const body = new URLSearchParams(fields).toString();
    const timestampSec = Math.floor(nowMs() / 1_000);
    const headers = slackHeaders(secrets.slackSigningSecret, timestampSec, body);
    return callFunction(`${functionUrl()}/chat/slack`, headers, body, deadlineMs);
  }

  /** Shows what a slash command was answered with. @returns Slack's word for what is wrong with it */
  function showAnswer(member: Member, called: Called): string | undefined {
    if (called.kind === 'late') return 'operation_timeout';
    if (called.kind === 'unreachable' || called.status !== 200) return 'dispatch_failed';
    if (called.body === '') return undefined;
    if (!called.type.startsWith('application/json')) {
      urls.show({ kind: 'text', text: called.body }, member.id);
      return undefined;
    }
    const fields = jsonObject(called.body);
    if (fields === undefined) return 'dispatch_failed';
    // "is a valid ack": https://docs.slack.dev/interactivity/implementing-slash-commands
    if (fields['text'] === undefined && fields['blocks'] === undefined) return undefined;
    const read = readMessage(fields, ['response_type']);
    if (read.kind === 'fault') return read.error;
    urls.show(read.body, fields['response_type'] === 'in_channel' ? null : member.id);
    return undefined;
  }

  function add(author: string, onlyFor: string, body: Message['body']): void {
    const at = { platform: 'slack' as const, id: timestamps.next(), atMs: nowMs() };
    conversation.add({ ...at, author, onlyFor, mentions: [], body });
  }

  /** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
  function blockActions(member: Member, message: Message, block: Fields, button: Fields): Fields {
    const user = { id: member.accounts.slack, username: member.id, name: member.id };
    const isEphemeral = message.onlyFor !== null;
    const { body } = message;
    const shown = body.kind === 'blocks' ? { text: body.text, blocks: body.blocks } : {};
    return {
      type: 'block_actions',
      user: { ...user, team_id: slack.teamId },
      api_app_id: slack.appId,
      token: 'deprecated',
      container: {
        type: 'message',
        message_ts: message.id,
        channel_id: slack.channelId,
        is_ephemeral: isEphemeral,
      },
      trigger_id: triggerId(),
      team: { id: slack.teamId, domain: slack.teamDomain },
      enterprise: null,
      is_enterprise_install: false,
      channel: { id: slack.channelId, name: channelName },
      message: {
        type: 'message',
        user: slack.botUserId,
        bot_id: slack.botId,
        app_id: slack.appId,
        ts: message.id,
        team: slack.teamId,
        ...shown,
      },
      state: { values: {} },
      response_url: urls.issue('actions', member.id, message),
      actions: [
        {
          action_id: button['action_id'] ?? 'none',
          block_id: block['block_id'] ?? 'none',
          text: button['text'],
          ...(button['value'] !== undefined && { value: button['value'] }),
          ...(button['style'] !== undefined && { style: button['style'] }),
          type: 'button',
          action_ts: timestamps.next(),
        },
      ],
    };
  }

  /** "single use, expires in 3 s" */
  function triggerId(): string {
    return `${nowMs()}.${process.pid}.${randomBytes(16).toString('hex')}`;
  }
}

/** Buttons stand in `actions`, and beside a section. */
function buttonOf(message: Message, index: number): { block: Fields; button: Fields } {
  const blocks = message.body.kind === 'blocks' ? message.body.blocks.filter(isFields) : [];
  const buttons = blocks.flatMap((block) => {
    const accessory = isFields(block['accessory']) ? [block['accessory']] : [];
    const elements = block['type'] === 'actions' ? (block['elements'] as Fields[]) : accessory;
    return elements.map((button) => ({ block, button }));
  });
  const found = buttons[index];
  if (found === undefined) throw new PressError(`Cannot press button ${index}: there is none`);
  return found;
}

/** https://docs.slack.dev/messaging/formatting-message-text/#escaping */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

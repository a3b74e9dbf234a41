import { randomBytes } from 'node:crypto';
import { acceptedBody, type Called } from '../call-function.ts';
import type { Message } from '../conversation.ts';
import type { EmulatedPlatform, Surroundings } from '../platform.ts';
import { type Fields, isFields, jsonObject } from '../wire.ts';
import { type Member, WORKSPACE } from '../workspace.ts';
import { Channel } from './channel.ts';
import { readMessage } from './message-of.ts';
import { responseUrls } from './response-urls.ts';
import { slackHeaders } from './sign.ts';
import { webApi } from './web-api.ts';

const { slack, channelName } = WORKSPACE;

/** Slack: slash commands, Block Kit buttons, the Web API and response URLs. */
export function emulatedSlack(
  secrets: { readonly slackSigningSecret: string; readonly slackBotToken: string },
  surroundings: Surroundings,
): EmulatedPlatform {
  const { conversation, nowMs } = surroundings;
  const channel = new Channel(surroundings);
  const urls = responseUrls(channel, surroundings);

  return {
    routes: [webApi(channel, secrets.slackBotToken, surroundings), urls.route],

    async say(member, line) {
      const said = `${slack.command} ${line}`.trimEnd();
      // Slack shows a typed slash command to its author only.
      channel.add({ kind: 'text', text: escaped(said) }, member.id, member.id);
      const called = await post({
        token: 'deprecated',
        team_id: slack.teamId,
        team_domain: slack.teamDomain,
        channel_id: slack.channelId,
        channel_name: channelName,
        user_id: member.accounts.slack,
        user_name: member.id,
        command: slack.command,
        text: escaped(line),
        api_app_id: slack.appId,
        is_enterprise_install: 'false',
        response_url: urls.issue('commands', member.id),
        trigger_id: triggerId(),
      });
      const fault = showAnswer(member, called);
      if (fault !== undefined) {
        const text = `${slack.command} failed with the error "${fault}"`;
        channel.add({ kind: 'text', text }, member.id, 'slack');
      }
      return called;
    },

    async press(member, message, index) {
      const found = buttonsOf(message)[index];
      if (found === undefined) return undefined;
      const payload = blockActions(member, message, found.block, found.button);
      const called = await post({ payload: JSON.stringify(payload) });
      if (acceptedBody(called) === undefined) {
        const text = 'Something went wrong: the app did not respond';
        conversation.toast('slack', member.id, 'error', text);
      }
      return called;
    },
  };

  function post(fields: Readonly<Record<string, string>>): Promise<Called> {
    const body = new URLSearchParams(fields).toString();
    const timestampSec = Math.floor(nowMs() / 1_000);
    const headers = slackHeaders(secrets.slackSigningSecret, timestampSec, body);
    return surroundings.post('/chat/slack', headers, body);
  }

  /** Shows the answer to a slash command. @returns Slack's error code when the answer is not valid */
  function showAnswer(member: Member, called: Called): string | undefined {
    if (called.kind === 'late') return 'operation_timeout';
    if (called.kind === 'unreachable' || called.status !== 200) return 'dispatch_failed';
    if (called.body === '') return undefined;
    if (!called.type.startsWith('application/json')) {
      channel.add({ kind: 'text', text: called.body }, member.id);
      return undefined;
    }
    const fields = jsonObject(called.body);
    if (fields === undefined) return 'dispatch_failed';
    // "is a valid ack": https://docs.slack.dev/interactivity/implementing-slash-commands
    if (fields['text'] === undefined && fields['blocks'] === undefined) return undefined;
    const read = readMessage(fields, ['response_type']);
    if (read.kind === 'fault') return read.error;
    channel.add(read.body, fields['response_type'] === 'in_channel' ? null : member.id);
    return undefined;
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
          action_ts: channel.nextTimestamp(),
        },
      ],
    };
  }

  /** Latchkey never uses it. Only its form is like that of Slack. */
  function triggerId(): string {
    return `${nowMs()}.${process.pid}.${randomBytes(16).toString('hex')}`;
  }
}

/** A button is an element of an `actions` block, or the accessory of a section. */
function buttonsOf({ body }: Message): { block: Fields; button: Fields }[] {
  const blocks = body.kind === 'blocks' ? body.blocks.filter(isFields) : [];
  return blocks.flatMap((block) => {
    const accessory = isFields(block['accessory']) ? [block['accessory']] : [];
    const elements = block['type'] === 'actions' ? (block['elements'] as Fields[]) : accessory;
    return elements.map((button) => ({ block, button }));
  });
}

/** https://docs.slack.dev/messaging/formatting-message-text/#escaping */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

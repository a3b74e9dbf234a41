import { randomBytes } from 'node:crypto';
import { type Called, callFunction } from '../call-function.ts';
import type { Conversation } from '../conversation.ts';
import { type EmulatedPlatform, PressError, type Surroundings } from '../platform.ts';
import { jsonObject } from '../wire.ts';
import { WORKSPACE } from '../workspace.ts';
import { AccessTokens } from './access-tokens.ts';
import { cardApi, updateCopy } from './cards.ts';
import { Robot } from './robot.ts';
import { cardHeaders, robotHeaders } from './sign.ts';
import { buttonsOf } from './template.ts';

const { dingtalk, channelName } = WORKSPACE;

/** A robot of an app in HTTP mode, and interactive cards. */
export function emulatedDingTalk(
  conversation: Conversation,
  secrets: {
    readonly dingtalkAppSecret: string;
    readonly dingtalkCardSecret: string;
    readonly dingtalkPathSecret: string;
  },
  surroundings: Surroundings,
): EmulatedPlatform {
  const { nowMs, functionUrl, deadlineMs } = surroundings;
  const tokens = new AccessTokens(secrets.dingtalkAppSecret, nowMs);
  const robot = new Robot(conversation, tokens, surroundings);
  const post = (headers: Record<string, string>, body: unknown): Promise<Called> => {
    const url = `${functionUrl()}/chat/dingtalk/${secrets.dingtalkPathSecret}`;
    return callFunction(url, headers, JSON.stringify(body), deadlineMs);
  };

  return {
    routes: [tokens.route, ...cardApi(conversation, tokens, surroundings), ...robot.routes],

    /** To a robot in a group one speaks by mentioning it; the text comes without, after a space. */
    async say(member, text) {
      const atMs = nowMs();
      const msgId = `msg${randomBytes(16).toString('base64')}`;
      const said = { id: msgId, author: member.id, atMs, onlyFor: null };
      const body = { kind: 'text' as const, text: `@Latchkey ${text}` };
      conversation.add({ platform: 'dingtalk', ...said, mentions: [], body });
      const called = await post(robotHeaders(secrets.dingtalkAppSecret, atMs), {
        conversationId: dingtalk.conversationId,
        atUsers: [{ dingtalkId: dingtalk.chatbotUserId }],
        chatbotCorpId: dingtalk.corpId,
        chatbotUserId: dingtalk.chatbotUserId,
        msgId,
        senderNick: member.id,
        isAdmin: false,
        senderStaffId: member.accounts.dingtalk,
        ...robot.issueSession(),
        createAt: atMs,
        senderCorpId: dingtalk.corpId,
        conversationType: '2',
        senderId: `$:LWCP_v1:$${member.accounts.dingtalk}`,
        conversationTitle: channelName,
        isInAtList: true,
        robotCode: dingtalk.robotCode,
        text: { content: ` ${text}` },
        msgtype: 'text',
      });
      if (called.kind !== 'answered' || called.status !== 200) {
        // A robot that fails says nothing at all: the page would leave people wondering.
        conversation.toast('dingtalk', member.id, 'error', 'The robot did not take the message');
      }
      return called;
    },

    /**
     * The fields of a captured click, in which the place is empty and the parameters stand twice:
     * dingtalk-stream-sdk-python, dingtalk_stream/card_callback.py.
     */
    async press(member, message, index) {
      if (message.body.kind !== 'template') throw new PressError('Cannot press a button: no card');
      const button = buttonsOf(message.body, member.id)[index];
      if (button === undefined) throw new PressError(`Cannot press button ${index}: there is none`);
      const { actionId, params } = button;
      const content = JSON.stringify({ cardPrivateData: { actionIds: [actionId], params } });
      const called = await post(cardHeaders(secrets.dingtalkCardSecret, nowMs()), {
        extension: '{}',
        corpId: dingtalk.corpId,
        spaceType: '',
        userIdType: 1,
        type: 'actionCallback',
        userId: member.accounts.dingtalk,
        content,
        spaceId: '',
        outTrackId: message.id,
        value: content,
      });
      const answer = called.kind === 'answered' && called.status === 200 ? called.body : undefined;
      if (answer === undefined) {
        conversation.toast('dingtalk', member.id, 'error', 'The operation failed');
      } else updateCopy(conversation, message, member.id, jsonObject(answer) ?? {});
      return called;
    },
  };
}

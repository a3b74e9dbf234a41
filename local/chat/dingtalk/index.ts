import { randomBytes } from 'node:crypto';
import { acceptedBody, type Called } from '../call-function.ts';
import type { EmulatedPlatform, Surroundings } from '../platform.ts';
import { jsonObject } from '../wire.ts';
import { WORKSPACE } from '../workspace.ts';
import { cardApi, updateCopy } from './cards.ts';
import { robotApi } from './robot.ts';
import { cardHeaders, robotHeaders } from './sign.ts';
import { buttonsOf } from './template.ts';
import { tokenApi } from './token-api.ts';

const { dingtalk, channelName } = WORKSPACE;

/** DingTalk: the robot of an app in HTTP mode, and interactive cards. */
export function emulatedDingTalk(
  secrets: {
    readonly dingtalkAppSecret: string;
    readonly dingtalkCardSecret: string;
    readonly dingtalkPathSecret: string;
  },
  surroundings: Surroundings,
): EmulatedPlatform {
  const { conversation, nowMs } = surroundings;
  const tokens = tokenApi(secrets.dingtalkAppSecret, nowMs);
  const robot = robotApi(tokens, surroundings);
  const post = (headers: Record<string, string>, body: unknown): Promise<Called> =>
    surroundings.post(
      `/chat/dingtalk/${secrets.dingtalkPathSecret}`,
      headers,
      JSON.stringify(body),
    );

  return {
    routes: [tokens.route, ...cardApi(tokens, surroundings), ...robot.routes],

    /** A member talks to a robot in a group by mentioning it. The text arrives without the mention, after a space. */
    async say(member, text) {
      const { id: msgId, atMs } = conversation.add({
        platform: 'dingtalk',
        id: `msg${randomBytes(16).toString('base64')}`,
        author: member.id,
        body: { kind: 'text', text: `@Latchkey ${text}` },
      });
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
      if (acceptedBody(called) === undefined) {
        // DingTalk shows nothing when the robot fails. The page does, so that people do not wait in vain.
        const failure = 'The robot did not accept the message';
        conversation.toast('dingtalk', member.id, 'error', failure);
      }
      return called;
    },

    /**
     * Sends the fields of a captured click: `spaceId` is empty, and the parameters appear twice. Source:
     * dingtalk-stream-sdk-python, dingtalk_stream/card_callback.py.
     */
    async press(member, message, index) {
      const buttons = message.body.kind === 'template' ? buttonsOf(message.body, member.id) : [];
      const button = buttons[index];
      if (button === undefined) return undefined;
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
      const answer = acceptedBody(called);
      if (answer === undefined) {
        conversation.toast('dingtalk', member.id, 'error', 'The operation failed');
      } else updateCopy(conversation, message.id, member.id, jsonObject(answer) ?? {});
      return called;
    },
  };
}

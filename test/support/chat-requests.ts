import { createCipheriv, createHash } from 'node:crypto';
import type { MessengerApps } from '../../functions/wiring/messenger-apps.ts';
import { buttonKey, type ButtonKey } from '../../shared/messengers/button-token.ts';
import { cardSignature, robotSignature } from '../../shared/messengers/dingtalk/dingtalk-crypto.ts';
import { feishuSignature } from '../../shared/messengers/feishu/feishu-crypto.ts';
import { slackSignature } from '../../shared/messengers/slack/slack-signature.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { triggerEvent } from '../models/trigger-event.ts';
import { NOW_MS } from '../models/builders.ts';

/** Requests as the platforms send them to the apps of `aChatRule`. Override what the test is about. */

export const CHAT_SECRETS = {
  SLACK_SIGNING_SECRET: 'slack-signing-secret-of-tests',
  DINGTALK_APP_SECRET: 'dingtalk-app-secret-of-tests',
  DINGTALK_CARD_SECRET: 'dingtalk-card-secret-of-tests',
  DINGTALK_PATH_SECRET: 'path-secret-of-tests',
  DINGTALK_AES_KEY: 'Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7',
  FEISHU_ENCRYPT_KEY: 'feishu-encrypt-key-of-tests',
  FEISHU_VERIFICATION_TOKEN: 'feishu-verification-token-of-tests',
  CHAT_BUTTON_SECRET: `whsec_${Buffer.alloc(24, 9).toString('base64')}`,
} as const;

/** All three platforms, set up by `aChatRule` and these secrets. */
export function someApps(): MessengerApps {
  return {
    slack: { teamId: 'T0001', appId: 'A0001', signingSecret: CHAT_SECRETS.SLACK_SIGNING_SECRET },
    dingtalk: {
      corpId: 'ding0001',
      robotCode: 'robot0001',
      appSecret: CHAT_SECRETS.DINGTALK_APP_SECRET,
      cardSecret: CHAT_SECRETS.DINGTALK_CARD_SECRET,
      pathSecret: CHAT_SECRETS.DINGTALK_PATH_SECRET,
    },
    feishu: {
      tenantKey: 'tenant0001',
      appId: 'cli_0001',
      encryptKey: CHAT_SECRETS.FEISHU_ENCRYPT_KEY,
      verificationToken: CHAT_SECRETS.FEISHU_VERIFICATION_TOKEN,
    },
  };
}

export function buttonKeys(): ButtonKey[] {
  return [buttonKey(parseWebhookSecret(CHAT_SECRETS.CHAT_BUTTON_SECRET))];
}

type Fields = Readonly<Record<string, unknown>>;
type Headers = Readonly<Record<string, string | undefined>>;

interface Sending {
  /** An undefined header is not sent. */
  readonly headers?: Headers;
  readonly nowMs?: number;
  readonly path?: string;
  /** Sent in place of the body that was signed. */
  readonly body?: string;
}

/** The event that an HTTP trigger hands to a function. */
export function aChatHttpEvent(over: {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Headers;
  readonly body?: string;
}): Buffer {
  const { method = 'POST', path, headers, body = '' } = over;
  const event = triggerEvent({ method, path, headers, body });
  return Buffer.from(JSON.stringify(event));
}

export const SLACK_LINE = {
  team_id: 'T0001',
  api_app_id: 'A0001',
  channel_id: 'C0001',
  channel_name: 'ops',
  user_id: 'U0001',
  user_name: 'alice',
  command: '/latchkey',
  text: 'whoami',
  response_url: 'https://hooks.slack.com/commands/T0001/1/abc',
  trigger_id: '1.2.trigger-1',
} as const;

export function formOf(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}

/** A slash command, or what the form says. A text is signed and sent unchanged. */
export function aSlackEvent(
  fields: Readonly<Record<string, string>> | string = SLACK_LINE,
  { nowMs = NOW_MS, path = '/chat/slack', headers, body }: Sending = {},
): Buffer {
  const form = typeof fields === 'string' ? fields : formOf(fields);
  const timestamp = String(Math.floor(nowMs / 1_000));
  return aChatHttpEvent({
    path,
    body: body ?? form,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-Slack-Request-Timestamp': timestamp,
      'X-Slack-Signature': slackSignature(
        CHAT_SECRETS.SLACK_SIGNING_SECRET,
        timestamp,
        Buffer.from(form),
      ),
      ...headers,
    },
  });
}

export function slackLine(text: string, over: Readonly<Record<string, string>> = {}) {
  return { ...SLACK_LINE, text, ...over };
}

/** The form of a button press. */
export function slackClick(token: string, over: Fields = {}): Record<string, string> {
  const payload = {
    type: 'block_actions',
    team: { id: 'T0001', domain: 'example' },
    user: { id: 'U0001', username: 'alice', team_id: 'T0001' },
    api_app_id: 'A0001',
    container: { type: 'message', message_ts: '1548261231.000200', channel_id: 'C0001' },
    trigger_id: '1.2.click-1',
    channel: { id: 'C0001', name: 'ops' },
    response_url: 'https://hooks.slack.com/actions/T0001/1/abc',
    actions: [
      { type: 'button', action_id: 'latchkey:approve:0', block_id: 'b', value: token, text: {} },
    ],
    ...over,
  };
  return { payload: JSON.stringify(payload) };
}

export const DINGTALK_LINE = {
  conversationId: 'cid0001==',
  atUsers: [{ dingtalkId: '$:LWCP_v1:$C' }],
  chatbotCorpId: 'ding0001',
  chatbotUserId: '$:LWCP_v1:$C',
  msgId: 'msg0001==',
  senderNick: '爱丽丝',
  isAdmin: false,
  senderStaffId: 'alice01',
  sessionWebhookExpiredTime: NOW_MS + 5_400_060,
  createAt: NOW_MS - 400,
  senderCorpId: 'ding0001',
  conversationType: '2',
  senderId: '$:LWCP_v1:$A',
  conversationTitle: 'ops',
  isInAtList: true,
  sessionWebhook: 'https://oapi.dingtalk.com/robot/sendBySession?session=abc',
  robotCode: 'robot0001',
  msgtype: 'text',
  text: { content: ' whoami' },
} as const;

export const DINGTALK_PATH = `/chat/dingtalk/${CHAT_SECRETS.DINGTALK_PATH_SECRET}`;

/** A message to the robot. */
export function aDingTalkEvent(
  fields: Fields = DINGTALK_LINE,
  { nowMs = NOW_MS, path = DINGTALK_PATH, headers, body }: Sending = {},
): Buffer {
  const timestamp = String(nowMs);
  return aChatHttpEvent({
    path,
    body: body ?? JSON.stringify(fields),
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      timestamp,
      sign: robotSignature(CHAT_SECRETS.DINGTALK_APP_SECRET, timestamp),
      ...headers,
    },
  });
}

export function dingTalkLine(content: string, over: Fields = {}): Fields {
  return { ...DINGTALK_LINE, text: { content }, ...over };
}

export function dingTalkClick(token: string, over: Fields = {}): Fields {
  const content = { cardPrivateData: { actionIds: ['1'], params: { token } } };
  return {
    type: 'actionCallback',
    outTrackId: 'lk-1',
    corpId: 'ding0001',
    userId: 'alice01',
    content: JSON.stringify(content),
    ...over,
  };
}

/** A button press on a card. */
export function aDingTalkClickEvent(
  fields: Fields,
  { nowMs = NOW_MS, path = DINGTALK_PATH, headers, body }: Sending = {},
): Buffer {
  const timestamp = String(nowMs);
  return aChatHttpEvent({
    path,
    body: body ?? JSON.stringify(fields),
    headers: {
      'Content-Type': 'application/json',
      'x-ddpaas-signature-timestamp': timestamp,
      'x-ddpaas-signature': cardSignature(CHAT_SECRETS.DINGTALK_CARD_SECRET, timestamp),
      ...headers,
    },
  });
}

/** Encrypts as `DingTalk-Callback-Crypto` does. */
export function encryptDingTalk(plain: string, aesKey: string = CHAT_SECRETS.DINGTALK_AES_KEY) {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const text = Buffer.from(plain);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const bytes = Buffer.concat([Buffer.alloc(16, 'r'), length, text, Buffer.from('key0001')]);
  const pad = 32 - (bytes.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const sealed = [cipher.update(Buffer.concat([bytes, Buffer.alloc(pad, pad)])), cipher.final()];
  return Buffer.concat(sealed).toString('base64');
}

const FEISHU_HEADER = {
  event_id: 'event0001',
  token: CHAT_SECRETS.FEISHU_VERIFICATION_TOKEN,
  create_time: String(NOW_MS - 400),
  tenant_key: 'tenant0001',
  app_id: 'cli_0001',
};

export function feishuLine(
  text: string,
  over: { readonly header?: Fields; readonly sender?: Fields; readonly message?: Fields } = {},
): Fields {
  return {
    schema: '2.0',
    header: { ...FEISHU_HEADER, event_type: 'im.message.receive_v1', ...over.header },
    event: {
      sender: {
        sender_id: { union_id: 'on_1', user_id: 'alice', open_id: 'ou_alice' },
        sender_type: 'user',
        tenant_key: 'tenant0001',
        ...over.sender,
      },
      message: {
        message_id: 'om_1',
        create_time: String(NOW_MS - 400),
        chat_id: 'oc_1',
        chat_type: 'group',
        message_type: 'text',
        content: JSON.stringify({ text: `@_user_1 ${text}` }),
        mentions: [{ key: '@_user_1', id: { open_id: 'ou_bot' }, name: 'Latchkey' }],
        ...over.message,
      },
    },
  };
}

export function feishuClick(token: string, over: { readonly event?: Fields } = {}): Fields {
  return {
    schema: '2.0',
    header: { ...FEISHU_HEADER, event_type: 'card.action.trigger' },
    event: {
      operator: { open_id: 'ou_alice', user_id: 'alice', tenant_key: 'tenant0001' },
      token: 'c-update-token',
      action: { value: { token }, tag: 'button' },
      host: 'im_message',
      context: { open_message_id: 'om_card', open_chat_id: 'oc_1' },
      ...over.event,
    },
  };
}

export function encryptFeishu(plain: string, encryptKey: string = CHAT_SECRETS.FEISHU_ENCRYPT_KEY) {
  const key = createHash('sha256').update(encryptKey).digest();
  const iv = Buffer.alloc(16, 'i');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final()]).toString('base64');
}

/** An encrypted event. */
export function aFeishuEvent(
  fields: Fields,
  { nowMs = NOW_MS, path = '/chat/feishu', headers, body }: Sending = {},
): Buffer {
  const sealed = JSON.stringify({ encrypt: encryptFeishu(JSON.stringify(fields)) });
  const [timestamp, nonce] = [String(Math.floor(nowMs / 1_000)), 'nonce-1'];
  const encryptKey = CHAT_SECRETS.FEISHU_ENCRYPT_KEY;
  const signed = { timestamp, nonce, encryptKey, body: Buffer.from(sealed) };
  return aChatHttpEvent({
    path,
    body: body ?? sealed,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'X-Lark-Request-Timestamp': timestamp,
      'X-Lark-Request-Nonce': nonce,
      'X-Lark-Signature': feishuSignature(signed),
      ...headers,
    },
  });
}

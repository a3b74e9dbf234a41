import { test } from 'vitest';
import { cardHeaders, robotHeaders } from '../../../local/chat/dingtalk/sign.ts';
import { encrypt, larkHeaders } from '../../../local/chat/feishu/encrypt.ts';
import { slackHeaders } from '../../../local/chat/slack/sign.ts';
import { vectorsOf } from '../../support/vectors.ts';

interface Slack {
  readonly vector: { secret: string; timestamp: string; body: string; signature: string };
}
interface DingTalk {
  readonly robot_sign_computed_here: { timestamp: string; appSecret: string; sign: string }[];
  readonly card_callback_sign_computed_here: Record<string, string>[];
}
interface Feishu {
  readonly decrypt: { encrypt_key: string; encrypt: string; plain: string }[];
  readonly signature_computed_here: Record<
    'timestamp' | 'nonce' | 'encrypt_key' | 'body' | 'signature',
    string
  >;
}

test("a slash command is signed as in Slack's own example", ({ expect }) => {
  for (const { vector } of vectorsOf<Slack>('slack.json')) {
    const headers = slackHeaders(vector.secret, Number(vector.timestamp), vector.body);
    expect(headers['x-slack-signature']).toBe(vector.signature);
  }
});

test('a message to the robot and a click on its card are signed as computed elsewhere', ({
  expect,
}) => {
  const [vectors] = vectorsOf<DingTalk>('dingtalk.json');
  const { robot_sign_computed_here: robot, card_callback_sign_computed_here: card } = vectors!;

  const signs = robot.map(({ appSecret, timestamp }) => robotHeaders(appSecret, Number(timestamp)));
  const clicks = card.map((each) =>
    cardHeaders(each['apiSecret']!, Number(each['x-ddpaas-signature-timestamp'])),
  );

  expect(signs.map(({ sign }) => sign)).toEqual(robot.map(({ sign }) => sign));
  expect(clicks.map((each) => each['x-ddpaas-signature'])).toEqual(
    card.map((each) => each['x-ddpaas-signature']),
  );
});

test("an event is encrypted as in Feishu's own examples, and signed by the documented formula", ({
  expect,
}) => {
  const [vectors] = vectorsOf<Feishu>('feishu.json');
  const { decrypt, signature_computed_here: signed } = vectors!;

  for (const { encrypt_key: key, encrypt: sealed, plain } of decrypt) {
    const iv = Buffer.from(sealed, 'base64').subarray(0, 16);
    expect(encrypt(key, plain, iv)).toBe(sealed);
  }
  const { encrypt_key: key, nonce, body, signature, timestamp } = signed;
  const headers = larkHeaders(key, Number(timestamp), nonce, body);
  expect(headers['x-lark-signature']).toBe(signature);
});

import { createHmac } from 'node:crypto';
import { describe, test } from 'vitest';
import { WORKSPACE } from '../../../local/chat/workspace.ts';
import { aChat } from './a-chat.ts';

const { conversationId, robotCode, appKey, cardTemplateId, corpId } = WORKSPACE.dingtalk;

const card = (more = {}) => ({
  cardTemplateId,
  outTrackId: 'ro-1',
  callbackType: 'HTTP',
  callbackRouteKey: 'latchkey',
  openSpaceId: `dtv1.card//IM_GROUP.${conversationId}`,
  cardData: { cardParamMap: { title: 'a plan', button1Text: 'Approve', button1Token: 'v1.token' } },
  imGroupOpenSpaceModel: { supportForward: false },
  imGroupOpenDeliverModel: { robotCode },
  userIdType: 1,
  ...more,
});

async function dingTalkChat() {
  const chat = await aChat();
  const path = '/v1.0/oauth2/accessToken';
  const { json } = await chat.post(path, { appKey, appSecret: chat.secrets.dingtalkAppSecret });
  const { accessToken } = json as { accessToken: string };
  const call = (method: string, to: string, body: unknown, token = accessToken) =>
    chat.post(to, body, method, { 'x-acs-dingtalk-access-token': token });
  return {
    ...chat,
    call,
    create: (more = {}) => call('POST', '/v1.0/card/instances/createAndDeliver', card(more)),
    update: (body: object) => call('PUT', '/v1.0/card/instances', body),
  };
}

test('a message to the robot is signed by its timestamp, and can be answered for 90 minutes', async ({
  expect,
}) => {
  const { say, asked, secrets, post, url, clock, seen } = await dingTalkChat();

  await say('dingtalk', 'alice', 'help');

  const { headers, body, url: path } = asked[0]!;
  const { dingtalkAppSecret: secret, dingtalkPathSecret } = secrets;
  const sign = createHmac('sha256', secret)
    .update(`${headers['timestamp']}\n${secret}`)
    .digest('base64');
  expect(path).toBe(`/chat/dingtalk/${dingtalkPathSecret}`);
  expect(headers['sign']).toBe(sign);
  const message = JSON.parse(body.toString()) as Record<string, string>;
  expect(message).toMatchObject({
    senderStaffId: 'alice01',
    senderCorpId: corpId,
    conversationId,
    text: { content: ' help' },
  });
  const session = message['sessionWebhook']!.replace(url, '');
  const text = { msgtype: 'text', text: { content: 'hello' } };
  const at = { atUserIds: ['bob02'], isAtAll: false };
  const [answered, strange] = [
    await post(session, { ...text, at }),
    await post(session, { ...text, colour: 'red' }),
  ];
  for (let i = 1; i < 20; i++) await post(session, text);
  const tooMany = await post(session, text);
  clock.nowMs += 90 * 60_000;
  const late = await post(session, text);
  expect([answered.json, strange.json, tooMany.json, late.json]).toMatchObject([
    { errcode: 0 },
    { errcode: 40035 },
    { errcode: 130101 },
    { errcode: 300005 },
  ]);
  expect(seen('dingtalk', 'carol')[1]).toMatchObject({ author: 'latchkey', mentions: ['bob'] });
});

describe('a card', () => {
  test('is delivered once, updated for all, and pressed', async ({ expect }) => {
    const { create, update, press, asked, seen, secrets, answer } = await dingTalkChat();
    answer.body = JSON.stringify({ cardData: { cardParamMap: { title: 'yours' } } });

    const created = await create();
    await create({ cardData: { cardParamMap: { title: 'again' } } });
    expect(seen('dingtalk', 'alice')).toMatchObject([
      { body: { cardParamMap: { title: 'a plan' } } },
    ]);
    const cardData = { cardParamMap: { title: 'waiting' } };
    const cardUpdateOptions = { updateCardDataByKey: true };
    const updated = await update({ outTrackId: 'ro-1', cardData, cardUpdateOptions });
    await press('dingtalk', 'bob', 'ro-1');

    expect(created.json).toMatchObject({ success: true, result: { outTrackId: 'ro-1' } });
    expect(updated.json).toEqual({ success: true, result: true });
    expect(seen('dingtalk', 'alice')).toMatchObject([
      {
        id: 'ro-1',
        body: {
          cardParamMap: { title: 'waiting', button1Token: 'v1.token' },
          privateData: { bob: { title: 'yours' } },
        },
      },
    ]);
    const { headers, body } = asked[0]!;
    const { 'x-ddpaas-signature-timestamp': timestamp, 'x-ddpaas-signature': signature } = headers;
    const mac = createHmac('sha256', secrets.dingtalkCardSecret)
      .update(timestamp!)
      .digest('base64');
    expect(signature).toBe(mac);
    const click = JSON.parse(body.toString()) as Record<string, string>;
    expect(click).toMatchObject({
      type: 'actionCallback',
      outTrackId: 'ro-1',
      userId: 'bob02',
      spaceId: '',
    });
    expect(JSON.parse(click['content']!)).toEqual({
      cardPrivateData: { actionIds: ['button1'], params: { token: 'v1.token' } },
    });
  });

  test('keeps an update that came before the answer to a press', async ({ expect }) => {
    const { create, update, press, seen, answer } = await dingTalkChat();
    await create();
    answer.body = JSON.stringify({ cardData: { cardParamMap: { title: 'yours' } } });
    answer.first = () =>
      update({ outTrackId: 'ro-1', cardData: { cardParamMap: { title: 'done' } } });

    await press('dingtalk', 'bob', 'ro-1');

    const privateData = { bob: { title: 'yours' } };
    expect(seen('dingtalk', 'alice')).toMatchObject([
      { edits: 2, body: { cardParamMap: { title: 'done' }, privateData } },
    ]);
  });

  test('loses variables that an update without updateCardDataByKey does not repeat', async ({
    expect,
  }) => {
    const { create, update, seen } = await dingTalkChat();
    await create();

    await update({ outTrackId: 'ro-1', cardData: { cardParamMap: { title: 'alone' } } });

    expect(seen('dingtalk', 'alice')[0]!.body).toMatchObject({ cardParamMap: { title: 'alone' } });
    expect(Object.keys((seen('dingtalk', 'alice')[0]!.body as never)['cardParamMap'])).toEqual([
      'title',
    ]);
  });

  test.for([
    ['an unknown template', { cardTemplateId: 'x' }, 'param.cardTemplateNotExist'],
    [
      'a value that is not a string',
      { cardData: { cardParamMap: { title: 1 } } },
      'param.cardPublicDataEmpty',
    ],
    [
      'another conversation',
      { openSpaceId: 'dtv1.card//IM_GROUP.x' },
      'param.openSpaceModelInvalid',
    ],
    [
      'another robot',
      { imGroupOpenDeliverModel: { robotCode: 'x' } },
      'param.openDeliverModelInvalid',
    ],
    ['stream mode', { callbackType: 'STREAM' }, 'param.callbackRouteKeyEmpty'],
    ['an unknown field', { colour: 'red' }, 'InvalidParameter'],
  ] as const)('is refused with %s', async ([, more, code], { expect }) => {
    const { create, seen } = await dingTalkChat();

    const { status, json } = await create(more);

    expect({ status, json }).toMatchObject({ status: 400, json: { code } });
    expect(seen('dingtalk', 'alice')).toEqual([]);
  });
});

test('the API requires a valid token', async ({ expect }) => {
  const { call, clock, post, create } = await dingTalkChat();
  const denied = await post('/v1.0/oauth2/accessToken', { appKey, appSecret: 'x' });
  const other = await call('PUT', '/v1.0/card/instances', {}, 'x');
  clock.nowMs += 7_200_000;

  const late = await create();

  expect([denied, other, late].map(({ status }) => status)).toEqual([400, 400, 400]);
  expect(late.json).toMatchObject({ code: 'InvalidAuthentication' });
});

test('the robot sends valid messages to the group, up to 20 a minute', async ({ expect }) => {
  const { call, seen } = await dingTalkChat();
  const send = (more = {}) =>
    call('POST', '/v1.0/robot/groupMessages/send', {
      robotCode,
      openConversationId: conversationId,
      msgKey: 'sampleText',
      msgParam: '{"content":"hello"}',
      ...more,
    });

  expect((await send({ msgParam: '{"text":"hello"}' })).json).toMatchObject({
    code: 'invalidParameter.msgParam',
  });
  for (let i = 0; i < 20; i++) expect((await send()).json).toHaveProperty('processQueryKey');
  expect((await send()).status).toBe(429);
  expect(seen('dingtalk', 'alice')).toHaveLength(20);
});

import { test } from 'vitest';
import { dingtalkCard } from '../../../../shared/messengers/dingtalk/dingtalk-card.ts';
import { dingtalkText } from '../../../../shared/messengers/dingtalk/dingtalk-text.ts';
import { aCard } from '../../../support/cards.ts';
import { CHAT_NOW_MS, chatOutAt, placeOn, replyToOn } from '../../../support/chat-outs.ts';
import { jsonOf, platformServer, type Said } from '../../../support/platform-server.ts';

const TOKEN = '/v1.0/oauth2/accessToken';
const CREATE = '/v1.0/card/instances/createAndDeliver';
const CARDS = '/v1.0/card/instances';
const GROUP = '/v1.0/robot/groupMessages/send';
const SESSION = '/robot/sendBySession';

const token = (n: number): Said => ({ body: { accessToken: `a${n}`, expireIn: 7_200 } });
const delivered = (success: boolean): Said => ({
  body: {
    success: true,
    result: {
      outTrackId: 'lk-1',
      // The documentation's example of a success has an error message.
      deliverResults: [{ spaceType: 'IM_GROUP', success, errorMsg: 'SYSTEM_ERROR' }],
    },
  },
});
const updated: Said = { body: { success: true, result: true } };
const refusal = (code: string, status = 400): Said => ({
  status,
  body: { code, message: '不合法', requestid: 'R' },
});
const errcode = (code: number): Said => ({ body: { errcode: code, errmsg: 'x' } });
const place = placeOn('dingtalk');
const ref = { place, messageId: 'lk-1' };

test('a card is created and delivered under its key', async ({ expect }) => {
  const { url, asked } = await platformServer({ [TOKEN]: [token(1)], [CREATE]: [delivered(true)] });

  const sent = await chatOutAt(url).out.post(place, aCard({ mention: 'alice01' }), 'lk-1');
  expect(sent).toEqual({ kind: 'sent', value: ref });

  expect(jsonOf(asked[0])).toEqual({ appKey: 'key0001', appSecret: 'ding-secret' });
  expect(asked[1]).toMatchObject({
    method: 'POST',
    url: CREATE,
    headers: { 'x-acs-dingtalk-access-token': 'a1' },
  });
  expect(jsonOf(asked[1])).toEqual({
    cardTemplateId: 'template.schema',
    outTrackId: 'lk-1',
    callbackType: 'HTTP',
    callbackRouteKey: 'latchkey',
    cardData: { cardParamMap: dingtalkCard(aCard()) },
    openSpaceId: 'dtv1.card//IM_GROUP.cidOPS==',
    userIdType: 1,
    imGroupOpenSpaceModel: {
      supportForward: false,
      lastMessageI18n: { ZH_CN: 'Approval needed: ops-2026 on 12 instances' },
    },
    imGroupOpenDeliverModel: { robotCode: 'robot0001', atUserIds: { alice01: 'alice01' } },
  });
});

test('a card that was made but not delivered is no success', async ({ expect }) => {
  const { url } = await platformServer({ [TOKEN]: [token(1)], [CREATE]: [delivered(false)] });
  const sent = await chatOutAt(url).out.post(place, aCard(), 'lk-1');
  expect(sent).toEqual({ kind: 'failed', why: 'DingTalk: not delivered', retryAfterMs: null });
});

test('a card is updated in all its variables', async ({ expect }) => {
  const { url, asked, told } = await platformServer({ [TOKEN]: [token(1)], [CARDS]: [updated] });
  expect(await chatOutAt(url).out.update(ref, aCard())).toEqual({ kind: 'sent', value: null });
  expect(told()[1]).toBe(`PUT ${CARDS}`);
  expect(jsonOf(asked[1])).toEqual({
    outTrackId: 'lk-1',
    cardData: { cardParamMap: dingtalkCard(aCard()) },
    cardUpdateOptions: { updateCardDataByKey: true },
  });
});

test('one token is fetched for many calls', async ({ expect }) => {
  const { url, told } = await platformServer({ [TOKEN]: [token(1)], [CARDS]: [updated, updated] });
  const { out } = chatOutAt(url);
  await Promise.all([out.update(ref, aCard()), out.update(ref, aCard())]);
  expect(told().filter((one) => one.endsWith(TOKEN)).length).toBe(1);
});

test.for([refusal('InvalidAuthentication'), refusal('whatever', 401)])(
  'a token that is not taken is fetched anew, once: %j',
  async (said, { expect }) => {
    const { url, asked } = await platformServer({
      [TOKEN]: [token(1), token(2)],
      [CARDS]: [said, updated],
    });
    expect(await chatOutAt(url).out.update(ref, aCard())).toMatchObject({ kind: 'sent' });
    expect(asked[3]!.headers['x-acs-dingtalk-access-token']).toBe('a2');
  },
);

test.for<[string, Said, object]>([
  [
    'a card that is not there',
    refusal('param.cardNotExist'),
    { kind: 'gone', why: 'DingTalk: param.cardNotExist' },
  ],
  [
    'a refusal',
    refusal('param.contentUnsafe'),
    { kind: 'failed', why: 'DingTalk: param.contentUnsafe', retryAfterMs: null },
  ],
  [
    'an error',
    refusal('system.busy', 500),
    { kind: 'failed', why: 'DingTalk: system.busy', retryAfterMs: null },
  ],
  [
    'too fast',
    { ...refusal('Forbidden.AccessDenied.QpsLimitForApi', 403), headers: { 'retry-after': '2' } },
    { kind: 'failed', why: 'DingTalk: Forbidden.AccessDenied.QpsLimitForApi', retryAfterMs: 2_000 },
  ],
  [
    'a page',
    { status: 502, body: '<html>' },
    { kind: 'failed', why: 'DingTalk: HTTP status 502', retryAfterMs: null },
  ],
  [
    'no JSON',
    { body: 'ok' },
    { kind: 'failed', why: 'DingTalk: no answer that can be read', retryAfterMs: null },
  ],
  [
    'no success',
    { body: { success: false } },
    { kind: 'failed', why: 'DingTalk: not delivered', retryAfterMs: null },
  ],
  [
    'no result',
    { body: { success: true, result: false } },
    { kind: 'failed', why: 'DingTalk: not delivered', retryAfterMs: null },
  ],
])('%s', async ([, said, end], { expect }) => {
  const { url } = await platformServer({ [TOKEN]: [token(1)], [CARDS]: [said] });
  expect(await chatOutAt(url).out.update(ref, aCard())).toEqual(end);
});

test('a wrong secret is told, without it', async ({ expect }) => {
  const { url } = await platformServer({ [TOKEN]: [refusal('invalidClientIdOrSecret')] });
  const sent = await chatOutAt(url).out.update(ref, aCard());
  const why = 'DingTalk: invalidClientIdOrSecret, for a token';
  expect(sent).toEqual({ kind: 'failed', why, retryAfterMs: null });
});

test('a line is answered in text, at the address that came with it', async ({ expect }) => {
  const { url, asked, told } = await platformServer({ [SESSION]: [errcode(0)] });
  const to = replyToOn('dingtalk', { url: `${url}${SESSION}?session=s3cret` });

  const sent = await chatOutAt(url).out.reply(to, aCard({ mention: 'alice01' }));
  expect(sent).toEqual({ kind: 'sent', value: null });

  expect(told()).toEqual([`POST ${SESSION}?session=s3cret`]);
  expect(asked[0]!.headers['x-acs-dingtalk-access-token']).toBeUndefined();
  expect(jsonOf(asked[0])).toEqual({
    msgtype: 'text',
    text: { content: `@alice01 ${dingtalkText(aCard())}` },
    at: { atUserIds: ['alice01'], isAtAll: false },
  });
});

test.for(['all people', '@all', 'a\nb', ''])(
  'a mention of %j is none',
  async (mention, { expect }) => {
    const { url, asked } = await platformServer({ [SESSION]: [errcode(0)] });
    const to = replyToOn('dingtalk', { url: `${url}${SESSION}?session=s` });
    await chatOutAt(url).out.reply(to, aCard({ mention }));
    expect(jsonOf(asked[0])).toMatchObject({
      text: { content: dingtalkText(aCard()) },
      at: { atUserIds: [] },
    });
  },
);

test('an address that is taken no more gives way to the robot', async ({ expect }) => {
  const { url, asked, told } = await platformServer({
    [SESSION]: [errcode(300_005)],
    [TOKEN]: [token(1)],
    [GROUP]: [{ body: { processQueryKey: 'p' } }],
  });
  const to = replyToOn('dingtalk', { url: `${url}${SESSION}?session=s` });

  expect(await chatOutAt(url).out.reply(to, aCard())).toEqual({ kind: 'sent', value: null });

  expect(told().at(-1)).toBe(`POST ${GROUP}`);
  expect(jsonOf(asked.at(-1))).toEqual({
    robotCode: 'robot0001',
    openConversationId: 'cidOPS==',
    msgKey: 'sampleText',
    msgParam: JSON.stringify({ content: dingtalkText(aCard()) }),
  });
});

test.for<[string, string, number]>([
  ['there is none', '', CHAT_NOW_MS + 1],
  ['its time is over', `${SESSION}?session=s`, CHAT_NOW_MS],
  ['it is no address for answers', '/robot/send?access_token=s', CHAT_NOW_MS + 1],
])('the robot answers when %s', async ([, path, untilMs], { expect }) => {
  const { url, told } = await platformServer({ [TOKEN]: [token(1)], [GROUP]: [{ body: {} }] });
  const to = replyToOn('dingtalk', { url: path && `${url}${path}`, untilMs });
  expect(await chatOutAt(url).out.reply(to, aCard())).toMatchObject({ kind: 'sent' });
  expect(told()).toEqual([`POST ${TOKEN}`, `POST ${GROUP}`]);
});

test.for<[string, Said, object]>([
  ['too fast', errcode(130_101), { kind: 'failed', why: 'DingTalk: 130101', retryAfterMs: 60_000 }],
  ['busy', errcode(-1), { kind: 'failed', why: 'DingTalk: -1', retryAfterMs: null }],
  [
    'an error',
    { status: 500, body: '' },
    { kind: 'failed', why: 'DingTalk: HTTP status 500', retryAfterMs: null },
  ],
])(
  'an answer that was not taken now, %s, is not sent another way',
  async ([, said, end], { expect }) => {
    const { url, told } = await platformServer({ [SESSION]: [said] });
    const to = replyToOn('dingtalk', { url: `${url}${SESSION}?session=s` });
    expect(await chatOutAt(url).out.reply(to, aCard())).toEqual(end);
    expect(told().length).toBe(1);
  },
);

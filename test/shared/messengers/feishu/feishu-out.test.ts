import { test } from 'vitest';
import { feishuCard } from '../../../../shared/messengers/feishu/feishu-card.ts';
import { aCard } from '../../../support/cards.ts';
import { chatOutAt, placeOn, replyToOn } from '../../../support/chat-outs.ts';
import { jsonOf, platformServer, type Said } from '../../../support/platform-server.ts';

const TOKEN = '/open-apis/auth/v3/tenant_access_token/internal';
const MESSAGES = '/open-apis/im/v1/messages';
const CARD = `${MESSAGES}/om_1`;
const REPLY = `${MESSAGES}/om_7/reply`;

const token = (n: number): Said => ({
  body: { code: 0, msg: 'ok', tenant_access_token: `t-${n}`, expire: 7_200 },
});
const well: Said = { body: { code: 0, msg: 'success', data: { message_id: 'om_1' } } };
const refusal = (code: number, msg = 'no'): Said => ({ status: 400, body: { code, msg } });
const place = placeOn('feishu');
const ref = { place, messageId: 'om_1' };
const content = JSON.stringify(feishuCard(aCard()));

test('a card is posted with a token of the app, and known by its message id', async ({
  expect,
}) => {
  const { url, asked } = await platformServer({ [TOKEN]: [token(1)], [MESSAGES]: [well] });

  const sent = await chatOutAt(url).out.post(place, aCard(), 'lk-1');
  expect(sent).toEqual({ kind: 'sent', value: ref });

  expect(jsonOf(asked[0])).toEqual({ app_id: 'cli_0001', app_secret: 'lark-secret' });
  expect(asked[1]).toMatchObject({
    method: 'POST',
    url: `${MESSAGES}?receive_id_type=chat_id`,
    headers: { authorization: 'Bearer t-1' },
  });
  expect(jsonOf(asked[1])).toEqual({
    receive_id: 'oc_0095',
    msg_type: 'interactive',
    content,
    uuid: 'lk-1',
  });
});

test('a key of any length is the same uuid of at most 50 characters each time', async ({
  expect,
}) => {
  const { url, asked } = await platformServer({
    [TOKEN]: [token(1)],
    [MESSAGES]: [well, well, well],
  });
  const { out } = chatOutAt(url);
  for (const key of ['k'.repeat(51), 'k'.repeat(51), 'k'.repeat(52)]) {
    await out.post(place, aCard(), key);
  }
  const uuids = asked.slice(1).map((one) => (jsonOf(one) as { uuid: string }).uuid);
  expect(uuids[0]).toHaveLength(50);
  expect(uuids[1]).toBe(uuids[0]);
  expect(uuids[2]).not.toBe(uuids[0]);
});

test('a card is edited in place', async ({ expect }) => {
  const { url, asked, told } = await platformServer({ [TOKEN]: [token(1)], [CARD]: [well] });
  expect(await chatOutAt(url).out.update(ref, aCard())).toEqual({ kind: 'sent', value: null });
  expect(told()[1]).toBe(`PATCH ${CARD}`);
  expect(jsonOf(asked[1])).toEqual({ content });
});

test('a line is answered below it, once within an hour', async ({ expect }) => {
  const { url, asked, told } = await platformServer({
    [TOKEN]: [token(1)],
    [REPLY]: [well, well, well],
  });
  const { out } = chatOutAt(url);
  const to = replyToOn('feishu', { messageId: 'om_7' });
  await out.reply(to, aCard());
  await out.reply(to, aCard());
  await out.reply({ ...to, user: 'ou_b0b' }, aCard());
  expect(told().slice(1)).toEqual([`POST ${REPLY}`, `POST ${REPLY}`, `POST ${REPLY}`]);
  const [first, again, another] = asked.slice(1).map((one) => jsonOf(one) as { uuid: string });
  expect(first).toMatchObject({ msg_type: 'interactive', content });
  expect(again).toEqual(first);
  expect(another!.uuid).not.toBe(first!.uuid);
});

test('an answer to no message is a message', async ({ expect }) => {
  const { url, told } = await platformServer({ [TOKEN]: [token(1)], [MESSAGES]: [well] });
  await chatOutAt(url).out.reply(replyToOn('feishu', { messageId: '../../x' }), aCard());
  expect(told()[1]).toBe(`POST ${MESSAGES}?receive_id_type=chat_id`);
});

test('a message id of another form is no path', async ({ expect }) => {
  const { url, told } = await platformServer({});
  const { out } = chatOutAt(url);
  expect(await out.update({ place, messageId: 'om_1/../x' }, aCard())).toMatchObject({
    kind: 'gone',
  });
  expect(told()).toEqual([]);
});

test.for([99991661, 99991663, 99991668, 99991671, 99991677])(
  'a token that is not taken (%i) is fetched anew, once',
  async (code, { expect }) => {
    const { url, asked } = await platformServer({
      [TOKEN]: [token(1), token(2)],
      [MESSAGES]: [refusal(code), well],
    });
    const sent = await chatOutAt(url).out.post(place, aCard(), 'lk-1');
    expect(sent).toEqual({ kind: 'sent', value: ref });
    expect(asked.map(({ headers }) => headers['authorization'])).toEqual([
      undefined,
      'Bearer t-1',
      undefined,
      'Bearer t-2',
    ]);
  },
);

test.for([230011, 230012, 230029, 230031, 230034, 230053, 230054, 230075, 230110, 232009])(
  '%i is gone',
  async (code, { expect }) => {
    const { url } = await platformServer({ [TOKEN]: [token(1)], [CARD]: [refusal(code)] });
    const sent = await chatOutAt(url).out.update(ref, aCard());
    expect(sent).toEqual({ kind: 'gone', why: `Feishu: ${code}` });
  },
);

test.for<[number, number]>([
  [429, 99991400],
  [400, 99991400],
  [400, 11232],
  [400, 230020],
])('too fast, told by HTTP status %i and %i', async ([status, code], { expect }) => {
  const headers = { 'x-ogw-ratelimit-reset': '52' };
  const { url } = await platformServer({
    [TOKEN]: [token(1)],
    [CARD]: [{ status, headers, body: { code, msg: '' } }],
  });
  const sent = await chatOutAt(url).out.update(ref, aCard());
  expect(sent).toEqual({ kind: 'failed', why: `Feishu: ${code}`, retryAfterMs: 52_000 });
});

test('of a card that is refused the number is told, and nothing of what it says', async ({
  expect,
}) => {
  const msg = 'Failed to create card content, ext=ErrCode: 100290; ErrMsg: x; ErrorValue: a note';
  const { url } = await platformServer({ [TOKEN]: [token(1)], [MESSAGES]: [refusal(230099, msg)] });
  const sent = await chatOutAt(url).out.post(place, aCard(), 'lk-1');
  expect(sent).toEqual({ kind: 'failed', why: 'Feishu: 230099/100290', retryAfterMs: null });
});

test.for<[string, Said, string]>([
  [
    'a wrong secret',
    { body: { code: 10014, msg: 'app secret invalid' } },
    'Feishu: 10014, for a token',
  ],
  ['a page', { status: 502, body: '<html>' }, 'Feishu: HTTP status 502, for a token'],
  ['no life', { body: { code: 0, tenant_access_token: 't' } }, 'Feishu: 0, for a token'],
])('without a token, for %s, nothing is sent', async ([, said, why], { expect }) => {
  const { url, told } = await platformServer({ [TOKEN]: [said] });
  const sent = await chatOutAt(url).out.post(place, aCard(), 'lk-1');
  expect(sent).toEqual({ kind: 'failed', why, retryAfterMs: null });
  expect(told()).toEqual([`POST ${TOKEN}`]);
});

test.for<[string, Said]>([
  ['a page', { body: '<html>' }],
  ['an error of a proxy', { status: 502, body: '<html>' }],
  ['no id', { body: { code: 0, data: {} } }],
])('%s is no success', async ([, said], { expect }) => {
  const { url } = await platformServer({ [TOKEN]: [token(1)], [MESSAGES]: [said] });
  const sent = await chatOutAt(url).out.post(place, aCard(), 'lk-1');
  expect(sent).toMatchObject({ kind: 'failed' });
});

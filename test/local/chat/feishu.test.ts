import { createDecipheriv, createHash } from 'node:crypto';
import { describe, test } from 'vitest';
import { MEMBERS, WORKSPACE } from '../../../local/chat/workspace.ts';
import { aChat } from './a-chat.ts';

const { appId, chatId, tenantKey } = WORKSPACE.feishu;

const plain = (content: string) => ({ tag: 'plain_text', content });
const button = (token: string) => ({
  tag: 'button',
  text: plain('Approve'),
  type: 'primary',
  behaviors: [{ type: 'callback', value: { token } }],
});
const card = (...elements: object[]) => ({
  schema: '2.0',
  config: { update_multi: true },
  header: { title: plain('a plan'), template: 'blue' },
  body: { elements },
});

async function feishuChat() {
  const chat = await aChat();
  const body = { app_id: appId, app_secret: chat.secrets.feishuAppSecret };
  const { json } = await chat.post('/open-apis/auth/v3/tenant_access_token/internal', body);
  const { tenant_access_token: token } = json as { tenant_access_token: string };
  const call = (method: string, path: string, content: object, auth = token) =>
    chat.post(`/open-apis/im/v1/messages${path}`, content, method, {
      authorization: `Bearer ${auth}`,
    });
  const send = (content: unknown, more = {}, auth = token) =>
    call(
      'POST',
      '?receive_id_type=chat_id',
      { receive_id: chatId, msg_type: 'interactive', content: JSON.stringify(content), ...more },
      auth,
    );
  const patch = (id: string, content: unknown) =>
    call('PATCH', `/${id}`, { content: JSON.stringify(content) });
  /** Decrypts what the function was sent. */
  const eventOf = (sealed: Buffer) => {
    const { encrypt } = JSON.parse(sealed.toString()) as { encrypt: string };
    const bytes = Buffer.from(encrypt, 'base64');
    const key = createHash('sha256').update(chat.secrets.feishuEncryptKey).digest();
    const cipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, 16));
    const text = Buffer.concat([cipher.update(bytes.subarray(16)), cipher.final()]).toString();
    return JSON.parse(text) as never;
  };
  return { ...chat, call, send, patch, eventOf };
}

const idOf = ({ json }: { json: unknown }) =>
  (json as { data: { message_id: string } }).data.message_id;

test('a message to the bot is an encrypted event, signed over its raw bytes', async ({
  expect,
}) => {
  const { say, asked, secrets, eventOf } = await feishuChat();

  await say('feishu', 'alice', 'help');

  const { headers, body, url } = asked[0]!;
  const { 'x-lark-request-timestamp': timestamp, 'x-lark-request-nonce': nonce } = headers;
  const text = `${timestamp}${nonce}${secrets.feishuEncryptKey}${body.toString()}`;
  expect(url).toBe('/chat/feishu');
  expect(headers['x-lark-signature']).toBe(createHash('sha256').update(text).digest('hex'));
  expect(eventOf(body)).toMatchObject({
    schema: '2.0',
    header: {
      event_type: 'im.message.receive_v1',
      token: secrets.feishuVerificationToken,
      tenant_key: tenantKey,
      app_id: appId,
    },
    event: {
      sender: { sender_id: { open_id: expect.stringMatching(/^ou_/) } },
      message: { chat_id: chatId, content: '{"text":"@_user_1 help"}' },
    },
  });
});

describe('a card', () => {
  test('is sent once for each uuid, edited in place, and pressed', async ({ expect }) => {
    const { send, patch, press, asked, eventOf, seen, answer, conversation } = await feishuChat();
    const toasts: string[] = [];
    conversation.listen((change) => {
      if (change.kind === 'toast') toasts.push(change.text);
    });
    answer.body = JSON.stringify({ toast: { type: 'success', content: 'taken' } });

    const id = idOf(await send(card(button('v1.a')), { uuid: 'one' }));
    const again = idOf(await send(card(button('v1.a')), { uuid: 'one' }));
    const edited = await patch(id, card(button('v1.b'), button('v1.c')));
    await press('feishu', 'bob', id, 1);

    expect(again).toBe(id);
    expect(edited.json).toMatchObject({ code: 0 });
    expect(seen('feishu', 'alice')).toMatchObject([{ id, edits: 1 }]);
    expect(eventOf(asked[0]!.body)).toMatchObject({
      header: { event_type: 'card.action.trigger' },
      event: {
        action: { tag: 'button', value: { token: 'v1.c' } },
        context: { open_message_id: id, open_chat_id: chatId },
      },
    });
    expect(toasts).toEqual(['taken']);
  });

  test('can be the answer to a message', async ({ expect }) => {
    const { call, send, seen } = await feishuChat();
    const id = idOf(await send(card(button('v1.a'))));
    const answer = { msg_type: 'interactive', content: JSON.stringify(card()) };

    const replied = await call('POST', `/${id}/reply`, answer);
    const lost = await call('POST', '/om_0/reply', answer);

    expect(replied.json).toMatchObject({ code: 0 });
    expect(lost).toMatchObject({ status: 400, json: { code: 230011 } });
    expect(seen('feishu', 'bob')).toHaveLength(2);
  });

  test.for([
    ['an unknown tag', card({ tag: 'iframe' }), 230099],
    ['an unknown property', card({ ...button('x'), colour: 'red' }), 230099],
    ['an unknown template', { ...card(), header: { title: plain('x'), template: 'pink' } }, 230099],
    ['the old schema', { elements: [] }, 230099],
    ['more than 30 KB', card({ tag: 'div', text: plain('x'.repeat(31_000)) }), 230025],
    ['more than 200 tags', card(...Array.from({ length: 101 }, () => button('x'))), 230099],
    [
      'a button that opens a URL',
      card({ tag: 'button', behaviors: [{ type: 'open_url' }] }),
      230099,
    ],
  ] as const)('is refused with %s', async ([, content, code], { expect }) => {
    const { send, seen } = await feishuChat();

    const { status, json } = await send(content);

    expect({ status, json }).toMatchObject({ status: 400, json: { code } });
    expect(seen('feishu', 'alice')).toEqual([]);
  });

  test('cannot be edited unless it is shared', async ({ expect }) => {
    const { send, patch } = await feishuChat();
    const id = idOf(await send({ ...card(), config: {} }));

    expect((await patch(id, card())).json).toMatchObject({ code: 230001 });
  });

  test('can be edited at most five times a second', async ({ expect }) => {
    const { send, patch, clock } = await feishuChat();
    const id = idOf(await send(card()));
    const codes: number[] = [];
    for (let i = 0; i < 6; i++)
      codes.push(((await patch(id, card())).json as { code: number }).code);
    clock.nowMs += 1_000;
    codes.push(((await patch(id, card())).json as { code: number }).code);

    expect(codes).toEqual([0, 0, 0, 0, 0, 230020, 0]);
  });

  test('notifies members mentioned in its markdown', async ({ expect }) => {
    const { send, seen } = await feishuChat();
    const { accounts } = MEMBERS[1]!;
    const markdown = { tag: 'markdown', content: `<at id=${accounts.feishu}></at>` };

    await send(card(markdown, { tag: 'div', text: plain('<at id=all></at>') }));

    expect(seen('feishu', 'alice')[0]!.mentions).toEqual(['bob']);
  });
});

test('the API requires a valid token', async ({ expect }) => {
  const { send, post, clock } = await feishuChat();
  const denied = await post('/open-apis/auth/v3/tenant_access_token/internal', {
    app_id: appId,
    app_secret: 'x',
  });
  const other = await send(card(), {}, 'x');
  clock.nowMs += 7_200_000;

  const late = await send(card());

  expect(denied.json).toMatchObject({ code: 10014 });
  expect([other.json, late.json]).toMatchObject([{ code: 99991663 }, { code: 99991663 }]);
});

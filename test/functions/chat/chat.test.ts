import { bodiesOf } from '../../../shared/contract/messages/codec.ts';
import { test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { aClient, NOW_MS } from '../../models/builders.ts';
import { aPlace } from '../../support/chat-builders.ts';
import { aChatDoor, alice, slackWordsOf, wordsOf } from '../../support/chat-door.ts';
import {
  aChatHttpEvent,
  aDingTalkClickEvent,
  aDingTalkEvent,
  aFeishuEvent,
  aSlackEvent,
  CHAT_SECRETS,
  DINGTALK_PATH,
  dingTalkClick,
  dingTalkLine,
  feishuClick,
  feishuLine,
  formOf,
  slackClick,
  slackLine,
  someApps,
} from '../../support/chat-requests.ts';

const ATTACH = 'attach ops to i-a';
const ORDER_ID = /^or-[a-z2-7]{26}$/;
const PLACES = {
  slack: aPlace(),
  dingtalk: aPlace({ platform: 'dingtalk', tenant: 'ding0001', channel: 'cid0001==' }),
  feishu: aPlace({ platform: 'feishu', tenant: 'tenant0001', channel: 'oc_1' }),
};

/** One line of Alice's on each platform. */
const EVENTS = {
  slack: (text: string) => aSlackEvent(slackLine(text)),
  dingtalk: (text: string) => aDingTalkEvent(dingTalkLine(` ${text}`)),
  feishu: (text: string) => aFeishuEvent(feishuLine(text)),
};
const PLATFORMS = ['slack', 'dingtalk', 'feishu'] as const;

/** What was answered to a line, in the response or through the queue. */
async function said(door: ReturnType<typeof aChatDoor>, event: Buffer): Promise<string> {
  const { json } = await door.send(event);
  if (json.blocks !== undefined) return slackWordsOf(json.blocks);
  const card = door.replies()[0]?.card;
  return card === undefined ? '' : wordsOf(card);
}

test.for(PLATFORMS)(
  'from %s an order is sent on, and answered in canonical form',
  async (platform, { expect }) => {
    const door = aChatDoor();
    const words = await said(door, EVENTS[platform](`${ATTACH} --max-unavailable 20%`));
    const [order, ...others] = door.orders();
    expect(others).toEqual([]);
    expect(order).toMatchObject({
      schema: 'latchkey.order/1',
      id: expect.stringMatching(ORDER_ID),
      personId: 'alice',
      account: { platform },
      replyTo: { place: PLACES[platform] },
      via: 'line',
      command: {
        kind: 'ask',
        request: { keyPairName: 'ops', instanceIds: ['i-a'], dryRun: false },
      },
    });
    expect(words).toContain('Understood');
    expect(words).toContain(order.text);
    expect(order.text).toContain('--max-unavailable 20%');
    expect(words).toContain(order.id);
  },
);

test('Slack is answered in the response, seen by its author only', async ({ expect }) => {
  const door = aChatDoor();
  const reply = await door.send(EVENTS.slack(ATTACH));
  expect(reply).toMatchObject({
    statusCode: 200,
    json: { response_type: 'ephemeral', text: 'Understood' },
  });
  expect(door.replies()).toEqual([]);
});

test.for(['dingtalk', 'feishu'] as const)(
  '%s is answered through the queue',
  async (platform, { expect }) => {
    const door = aChatDoor();
    expect(await door.send(EVENTS[platform](ATTACH))).toMatchObject({ statusCode: 200, json: {} });
    expect(door.replies()).toMatchObject([
      {
        schema: 'latchkey.reply/1',
        id: expect.stringMatching(ORDER_ID),
        to: { place: PLACES[platform] },
        card: { title: 'Understood' },
      },
    ]);
  },
);

test('no two lines are one order, and one line is the same one however often it comes', async ({
  expect,
}) => {
  const door = aChatDoor();
  await door.send(aSlackEvent(slackLine(ATTACH)));
  await door.send(aSlackEvent(slackLine(ATTACH)));
  await door.send(aSlackEvent(slackLine(ATTACH, { trigger_id: '1.2.trigger-2' })));
  const ids = door.orders().map(({ id }) => id);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

test('another line under an id that was seen is refused, and nothing of it done', async ({
  expect,
}) => {
  const door = aChatDoor();
  await door.send(aSlackEvent(slackLine(ATTACH)));
  const reply = await door.send(aSlackEvent(slackLine('abort ro-abcdefghijklmnopqrstuvwxyz')));
  expect(reply.statusCode).toBe(401);
  expect(door.orders()).toHaveLength(1);
});

test('help is given to everybody, and whoami says what the policy has to name', async ({
  expect,
}) => {
  const door = aChatDoor({ people: [] });
  expect(await said(door, EVENTS.slack('help'))).toContain('attach');
  const words = await said(door, EVENTS.slack('whoami'));
  expect(words).toContain('{"platform":"slack","tenant":"T0001","user":"U0001"}');
  expect(words).toContain('C0001');
});

test.for([ATTACH, 'status', 'stop', 'go', 'nonsense'])(
  'somebody whom the policy does not know says "%s", and is told who they are',
  async (text, { expect }) => {
    const door = aChatDoor({ people: [] });
    const words = await said(door, EVENTS.slack(text));
    expect(words).toContain('Nobody that the policy knows');
    expect(words).toContain('"user":"U0001"');
    expect(door.orders()).toEqual([]);
    expect(await door.world.ports.stop.read()).toBeNull();
  },
);

test('whoami names the person', async ({ expect }) => {
  expect(await said(aChatDoor(), EVENTS.feishu('whoami'))).toContain('You are alice');
});

test.for([
  ['ask', ATTACH],
  ['see', 'status'],
  ['stop', 'stop'],
  ['go', 'go'],
  ['abort', 'abort ro-abcdefghijklmnopqrstuvwxyz'],
] as const)(
  'a person without the action "%s" is refused in words',
  async ([action, text], { expect }) => {
    const rule = aClient({ id: 'alice' });
    const actions = rule.actions.filter((one) => one !== action);
    const door = aChatDoor({ people: [alice({ rule: { ...rule, actions } })] });
    expect(await said(door, EVENTS.slack(text))).toContain(
      `Cannot ${action}: person "alice" may not do this`,
    );
    expect(door.orders()).toEqual([]);
  },
);

test('a line that is no command is answered with a right one, and sent nowhere', async ({
  expect,
}) => {
  const door = aChatDoor();
  const { json, statusCode } = await door.send(EVENTS.slack('atach ops to i-a; reboot'));
  expect(statusCode).toBe(200);
  expect(json.text).toBe('⚠️ Not understood');
  expect(door.orders()).toEqual([]);
});

test('stop holds everything at once, and go lets it go on and wakes it', async ({ expect }) => {
  const door = aChatDoor();
  const { world } = door;
  await world.ask();
  world.queue.receive(100);
  const stopped = await said(door, aSlackEvent(slackLine('stop the house is on fire')));
  expect(stopped).toContain('Everything is stopped');
  expect(await world.ports.stop.read()).toMatchObject({
    by: expect.stringMatching(/^alice or-[a-z2-7]{26}$/),
    reason: 'the house is on fire',
  });
  const gone = await said(door, aSlackEvent(slackLine('go', { trigger_id: '1.2.trigger-2' })));
  expect(gone).toContain('Rollouts go on');
  expect(await world.ports.stop.read()).toBeNull();
  expect(door.orders()).toMatchObject([{ schema: 'latchkey.wake/1' }]);
});

test('a go that comes again takes back no later stop', async ({ expect }) => {
  const door = aChatDoor();
  await door.send(aSlackEvent(slackLine('stop')));
  const go = aSlackEvent(slackLine('go', { trigger_id: '1.2.trigger-2' }));
  await door.send(go);
  await door.send(aSlackEvent(slackLine('stop again', { trigger_id: '1.2.trigger-3' })));
  await door.send(go);
  expect(await door.world.ports.stop.read()).toMatchObject({ reason: 'again' });
});

test('what Feishu delivers hours late is not done any more', async ({ expect }) => {
  const door = aChatDoor();
  const message = { create_time: String(NOW_MS - 16 * 60_000) };
  for (const text of ['go', ATTACH]) {
    const content = JSON.stringify({ text: `@_user_1 ${text}` });
    const words = await said(
      door,
      aFeishuEvent(feishuLine('', { message: { ...message, content } })),
    );
    expect(words).toContain('it was delivered too late');
  }
  expect(door.orders()).toEqual([]);
});

test('status shows a rollout, and the newest ones', async ({ expect }) => {
  const door = aChatDoor();
  const answer = await door.world.ask();
  const rolloutId = answer.kind === 'rollout' ? answer.rollout.rolloutId : '';
  expect(await said(door, EVENTS.slack(`status ${rolloutId}`))).toContain(rolloutId);
  await door.world.ports.stop.set({ by: 'bob', atMs: NOW_MS, reason: 'lunch' });
  const list = await said(door, EVENTS.slack('status'));
  expect(list).toContain(rolloutId);
  expect(list).toContain('Everything is stopped by bob: lunch');
  const unknown = await said(door, EVENTS.slack('status ro-zzzzzzzzzzzzzzzzzzzzzzzzzz'));
  expect(unknown).toContain('no such rollout');
});

const CLICKS = {
  slack: (token: string) => aSlackEvent(slackClick(token)),
  dingtalk: (token: string) => aDingTalkClickEvent(dingTalkClick(token)),
  feishu: (token: string) => aFeishuEvent(feishuClick(token)),
};

test.for(PLATFORMS)(
  'a press of a button in %s is sent on as an order',
  async (platform, { expect }) => {
    const door = aChatDoor();
    const token = door.button({ place: PLACES[platform] });
    const { statusCode, json } = await door.send(CLICKS[platform](token));
    expect(statusCode).toBe(200);
    expect(json).toEqual(
      platform === 'feishu'
        ? { toast: { type: 'info', content: expect.stringContaining('Understood: approve ro-') } }
        : {},
    );
    expect(door.orders()).toMatchObject([
      {
        id: expect.stringMatching(ORDER_ID),
        personId: 'alice',
        via: 'button',
        account: { platform },
        replyTo: { place: PLACES[platform] },
        command: {
          kind: 'approve',
          rolloutId: 'ro-abcdefghijklmnopqrstuvwxyz',
          planDigest: `sha256:${'a1'.repeat(32)}`,
        },
      },
    ]);
    expect(door.replies()).toEqual([]);
  },
);

test.for([
  ['deny', { kind: 'deny' }],
  ['pause', { kind: 'pause' }],
  ['resume', { kind: 'resume' }],
  ['abort', { kind: 'abort' }],
  ['undo', { kind: 'undo', dryRun: false }],
] as const)('the button "%s" does what it says', async ([action, command], { expect }) => {
  const door = aChatDoor();
  await door.send(CLICKS.slack(door.button({ action })));
  expect(door.orders()).toMatchObject([{ command }]);
});

test('a second press does nothing, but somebody else may press as well', async ({ expect }) => {
  const bob = alice({
    id: 'bob',
    accounts: [{ platform: 'slack', tenant: 'T0001', user: 'U0002' }],
    rule: aClient({ id: 'bob' }),
  });
  const door = aChatDoor({ people: [alice(), bob] });
  const token = door.button();
  await door.send(aSlackEvent(slackClick(token)));
  const again = slackClick(token, { trigger_id: '1.2.click-2' });
  await door.send(aSlackEvent(again));
  await door.send(aSlackEvent(slackClick(token, { user: { id: 'U0002', team_id: 'T0001' } })));
  expect(door.orders().map(({ personId }) => personId)).toEqual(['alice', 'bob']);
  expect(door.replies().map(({ card }) => card.title)).toEqual(['Pressed before']);
});

test('two presses at the same moment are one order', async ({ expect }) => {
  const door = aChatDoor();
  const token = door.button();
  await Promise.all(
    ['1.2.click-1', '1.2.click-2'].map((trigger_id) =>
      door.send(aSlackEvent(slackClick(token, { trigger_id }))),
    ),
  );
  expect(new Set(door.orders().map(({ id }) => id)).size).toBe(1);
});

test('a press that could not be sent on is not spent', async ({ expect }) => {
  let isDown = true;
  const sent: string[] = [];
  const door = aChatDoor({
    queue: {
      send: async (messages) => {
        if (isDown) return messages.map(() => new LatchkeyError('unavailable', 'Cannot send: no'));
        sent.push(...messages.flatMap(({ message }) => bodiesOf(message)));
        return messages.map(() => undefined);
      },
    },
  });
  const token = door.button();
  await door.send(CLICKS.slack(token));
  expect(door.replies()[0].card.title).toBe('Not done');
  isDown = false;
  await door.send(CLICKS.slack(token));
  expect(sent).toHaveLength(1);
});

test.for<[string, Parameters<ReturnType<typeof aChatDoor>['button']>[0], string]>([
  ['of another conversation', { place: aPlace({ channel: 'C0002' }) }, 'another conversation'],
  ['of another tenant', { place: aPlace({ tenant: 'T0002' }) }, 'another conversation'],
  ['of another platform', { place: PLACES.feishu }, 'another conversation'],
  ['that has expired', { expMs: NOW_MS - 1_000 }, 'has expired'],
])('a button %s does nothing, and says why', async ([, terms, why], { expect }) => {
  const door = aChatDoor();
  await door.send(CLICKS.slack(door.button(terms)));
  expect(door.orders()).toEqual([]);
  expect(wordsOf(door.replies()[0].card)).toContain(why);
});

test('a button of somebody who may not is refused, and not spent', async ({ expect }) => {
  const rule = aClient({ id: 'alice', actions: ['see'] });
  const door = aChatDoor({ people: [alice({ rule })] });
  const { json } = await door.send(CLICKS.feishu(door.button({ place: PLACES.feishu })));
  expect(json.toast).toMatchObject({ type: 'warning' });
  expect(json.toast.content).toContain('person "alice" may not do this');
  expect(door.orders()).toEqual([]);
});

test('a press in DingTalk is refused where its card stands', async ({ expect }) => {
  const rule = aClient({ id: 'alice', actions: ['see'] });
  const door = aChatDoor({ people: [alice({ rule })] });
  await door.send(CLICKS.dingtalk(door.button({ place: PLACES.dingtalk })));
  expect(door.replies()).toMatchObject([{ to: { place: PLACES.dingtalk, user: 'alice01' } }]);
});

test('a press of a stranger and a token that somebody made up do nothing', async ({ expect }) => {
  const door = aChatDoor({ people: [] });
  await door.send(CLICKS.slack(door.button()));
  await door.send(CLICKS.slack('v1.e30.AAAA'));
  expect(door.orders()).toEqual([]);
  expect(door.replies().map(({ card }) => card.title)).toEqual([
    'Nobody that the policy knows',
    'Nothing done',
  ]);
});

test('another body under a captured DingTalk signature is refused, with an alarm', async ({
  expect,
}) => {
  const door = aChatDoor();
  await door.send(aDingTalkEvent(dingTalkLine('status')));
  const forged = JSON.stringify(dingTalkLine('stop', { senderStaffId: 'bob01', msgId: 'm2' }));
  const reply = await door.send(aDingTalkEvent(dingTalkLine('status'), { body: forged }));
  expect(reply.statusCode).toBe(401);
  expect(await door.world.ports.stop.read()).toBeNull();
  expect(door.lines).toContainEqual(
    expect.objectContaining({ level: 'error', event: 'captured-signature' }),
  );
});

test('another press under a captured DingTalk signature is refused', async ({ expect }) => {
  const door = aChatDoor();
  await door.send(CLICKS.dingtalk(door.button({ place: PLACES.dingtalk, action: 'deny' })));
  const reply = await door.send(CLICKS.dingtalk(door.button({ place: PLACES.dingtalk })));
  expect(reply.statusCode).toBe(401);
  expect(door.orders()).toMatchObject([{ command: { kind: 'deny' } }]);
});

const FUTURE_MS = NOW_MS + 301_000;
const PAST_MS = NOW_MS - 301_000;
const [SLACK, DINGTALK, FEISHU] = [slackLine('go'), dingTalkLine('go'), feishuLine('go')];

test.for<[string, Buffer]>([
  ['Slack from the future', aSlackEvent(SLACK, { nowMs: FUTURE_MS })],
  ['Slack from the past', aSlackEvent(SLACK, { nowMs: PAST_MS })],
  ['Slack with another body', aSlackEvent(SLACK, { body: formOf(slackLine('stop')) })],
  [
    'Slack without a signature',
    aSlackEvent(SLACK, { headers: { 'X-Slack-Signature': undefined } }),
  ],
  ['Slack of another workspace', aSlackEvent(slackLine('go', { team_id: 'T0002' }))],
  ['DingTalk from the future', aDingTalkEvent(DINGTALK, { nowMs: FUTURE_MS })],
  ['DingTalk from the past', aDingTalkEvent(DINGTALK, { nowMs: PAST_MS })],
  ['DingTalk without a signature', aDingTalkEvent(DINGTALK, { headers: { sign: undefined } })],
  [
    'DingTalk at another path',
    aDingTalkEvent(DINGTALK, { path: '/chat/dingtalk/path-secret-of-nobody' }),
  ],
  ['DingTalk of another organization', aDingTalkEvent({ ...DINGTALK, chatbotCorpId: 'ding0002' })],
  [
    'a DingTalk card under the signature of a robot',
    aDingTalkEvent(dingTalkClick('t'), { headers: { 'x-ddpaas-signature': 'x' } }),
  ],
  ['Feishu from the future', aFeishuEvent(FEISHU, { nowMs: FUTURE_MS })],
  ['Feishu from the past', aFeishuEvent(FEISHU, { nowMs: PAST_MS })],
  ['Feishu in the clear', aFeishuEvent(FEISHU, { body: JSON.stringify(FEISHU) })],
  [
    'Feishu without headers',
    aFeishuEvent(FEISHU, {
      headers: {
        'X-Lark-Signature': undefined,
        'X-Lark-Request-Timestamp': undefined,
        'X-Lark-Request-Nonce': undefined,
      },
    }),
  ],
])('refused by the one answer that strangers get: %s', async ([, event], { expect }) => {
  const door = aChatDoor();
  await door.world.ports.stop.set({ by: 'bob', atMs: NOW_MS, reason: 'lunch' });
  const { statusCode, json } = await door.send(event);
  expect(statusCode).toBe(401);
  expect(json).toMatchObject({
    code: 'unsigned',
    detail: 'Cannot accept the request: not signed by the chat platform and app that are set up',
  });
  expect(await door.world.ports.stop.read()).not.toBeNull();
  expect(door.orders()).toEqual([]);
});

test('whose a signed request is instead stands in the log, and in no answer', async ({
  expect,
}) => {
  const door = aChatDoor();
  const events = [
    aSlackEvent(slackLine('go', { team_id: 'T0002' })),
    aDingTalkEvent({ ...DINGTALK, robotCode: 'robot0002' }),
    aFeishuEvent(feishuLine('go', { header: { tenant_key: 'tenant0002' } })),
  ];
  for (const event of events) expect((await door.send(event)).body).not.toContain('0002');
  expect(door.lines.map(({ fields }) => fields['why'])).toEqual([
    'of workspace T0002, app A0001',
    'to robot robot0002 of ding0001',
    'of tenant tenant0002, app cli_0001',
  ]);
});

const JSON_TYPE = { 'Content-Type': 'application/json' };

test.for<[string, Buffer, number]>([
  ['GET', aChatHttpEvent({ method: 'GET', path: '/chat/slack' }), 405],
  ['a GET of a button', aChatHttpEvent({ method: 'GET', path: DINGTALK_PATH }), 405],
  ['PUT', aChatHttpEvent({ method: 'PUT', path: '/chat/slack' }), 405],
  ['another route', aChatHttpEvent({ path: '/chat/teams', headers: JSON_TYPE }), 404],
  ['a DingTalk path without its secret', aChatHttpEvent({ path: '/chat/dingtalk' }), 404],
  ['a route of the webhook', aChatHttpEvent({ path: '/rollouts', headers: JSON_TYPE }), 404],
  ['JSON at Slack', aChatHttpEvent({ path: '/chat/slack', headers: JSON_TYPE }), 415],
  ['a form at Feishu', aSlackEvent(SLACK, { path: '/chat/feishu' }), 415],
  ['a body of 128 KiB and more', aSlackEvent(SLACK, { body: 'x'.repeat(131_073) }), 413],
  ['one that is declared so', aSlackEvent(SLACK, { headers: { 'content-length': '131073' } }), 413],
  ['a form that says something twice', aSlackEvent(`${formOf(SLACK)}&text=stop`), 400],
])('%s does nothing', async ([, event, status], { expect }) => {
  const door = aChatDoor();
  expect((await door.send(event)).statusCode).toBe(status);
  expect(door.orders()).toEqual([]);
});

test('what is allowed instead is said, and nothing of the path', async ({ expect }) => {
  const reply = await aChatDoor().send(aChatHttpEvent({ method: 'GET', path: DINGTALK_PATH }));
  expect(reply.headers['allow']).toBe('POST');
  expect(reply.body).not.toContain(CHAT_SECRETS.DINGTALK_PATH_SECRET);
});

test.for(PLATFORMS)(
  'where %s is not set up its route is not there',
  async (platform, { expect }) => {
    const door = aChatDoor({ apps: { ...someApps(), [platform]: undefined } });
    expect((await door.send(EVENTS[platform](ATTACH))).statusCode).toBe(404);
  },
);

test('Feishu and Slack learn that somebody is there, and so does anybody', async ({ expect }) => {
  const door = aChatDoor();
  const challenge = {
    challenge: 'ajls384kdjxxxx',
    token: CHAT_SECRETS.FEISHU_VERIFICATION_TOKEN,
    type: 'url_verification',
  };
  expect((await door.send(aFeishuEvent(challenge))).json).toEqual({ challenge: 'ajls384kdjxxxx' });
  const ping = await door.send(aSlackEvent({ ssl_check: '1' }));
  expect(ping.statusCode).toBe(200);
  const health = await door.send(aChatHttpEvent({ method: 'GET', path: '/healthz' }));
  expect(health.json).toEqual({ status: 'ok' });
});

const DOWN = new LatchkeyError('unavailable', 'Cannot reach the store: down');
const ledgerDown = {
  take: () => Promise.reject(DOWN),
  finish: () => Promise.reject(DOWN),
};

test('Slack is told that the store is down, Feishu is asked to come again', async ({ expect }) => {
  const door = aChatDoor({ ledger: ledgerDown });
  const { statusCode, json } = await door.send(EVENTS.slack(ATTACH));
  expect(statusCode).toBe(200);
  expect(json.text).toBe('🛑 Not done');
  expect((await door.send(EVENTS.feishu(ATTACH))).statusCode).toBe(503);
  expect(door.orders()).toEqual([]);
});

test('the log says who asked for what, and nothing that they wrote', async ({ expect }) => {
  const door = aChatDoor();
  const token = door.button();
  await door.send(aSlackEvent(slackLine(`${ATTACH} --note "hush-hush"`)));
  await door.send(CLICKS.slack(token));
  await door.send(aDingTalkEvent(dingTalkLine('status')));
  expect(door.lines).toMatchObject([
    {
      level: 'info',
      event: 'answered',
      fields: {
        platform: 'slack',
        personId: 'alice',
        command: 'ask',
        orderId: expect.stringMatching(ORDER_ID),
        status: 200,
      },
    },
    { event: 'answered', fields: { command: 'approve' } },
    { event: 'answered', fields: { platform: 'dingtalk', command: 'status' } },
  ]);
  const all = JSON.stringify(door.lines);
  for (const secret of ['hush', token, 'hooks.slack.com', 'sendBySession', 'sign', 'secret']) {
    expect(all).not.toContain(secret);
  }
});

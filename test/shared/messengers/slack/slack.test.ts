import fc from 'fast-check';
import { test } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import { parseForm } from '../../../../shared/messengers/form.ts';
import { typedText } from '../../../../shared/messengers/slack/slack-text.ts';
import { readSlack, type SlackApp } from '../../../../shared/messengers/slack/slack-in.ts';
import { NOW_MS } from '../../../models/builders.ts';
import { formOf, SLACK_LINE, slackClick, slackLine } from '../../../support/chat-requests.ts';
import { vectorsOf } from '../../../support/vectors.ts';

const APP: SlackApp = { teamId: 'T0001', appId: 'A0001', signingSecret: 'not used here' };
const read = (fields: Readonly<Record<string, string>>, app = APP) =>
  readSlack(Buffer.from(formOf(fields)), app, NOW_MS);

interface Vectors {
  readonly slash_command_payload_example: string;
  readonly block_actions_payload_example: object;
}
const [vectors] = vectorsOf<Vectors>('slack.json');

test('a slash command says who wrote what, where, and where the answer goes', ({ expect }) => {
  const place = { platform: 'slack', tenant: 'T0001', channel: 'C0001' };
  expect(read(slackLine('status'))).toEqual({
    kind: 'line',
    account: { platform: 'slack', tenant: 'T0001', user: 'U0001' },
    place,
    text: 'status',
    id: '1.2.trigger-1',
    atMs: NOW_MS,
    replyTo: {
      place,
      user: 'U0001',
      url: 'https://hooks.slack.com/commands/T0001/1/abc',
      untilMs: NOW_MS + 1_800_000,
      messageId: '',
    },
  });
});

test("the documentation's slash command is read", ({ expect }) => {
  const body = Buffer.from(vectors!.slash_command_payload_example);
  const app = { ...APP, appId: 'A123456' };
  expect(readSlack(body, app, NOW_MS)).toMatchObject({
    kind: 'line',
    text: '94070',
    account: { user: 'U2147483697' },
    place: { channel: 'C2147483705' },
  });
});

test("the documentation's press of a button is read", ({ expect }) => {
  const app = { ...APP, teamId: 'T9TK3CUKW', appId: 'AABA1ABCD' };
  const payload = JSON.stringify(vectors!.block_actions_payload_example);
  expect(read({ payload }, app)).toMatchObject({
    kind: 'click',
    token: 'click_me_123',
    account: { platform: 'slack', tenant: 'T9TK3CUKW', user: 'UA8RXUSPL' },
    place: { channel: 'CBR2V3XEX' },
    cardMessageId: '1548261231.000200',
  });
});

test.for<[string, Record<string, string>]>([
  ['a command of another workspace', slackLine('status', { team_id: 'T0002' })],
  ['a command of another app', slackLine('status', { api_app_id: 'A0002' })],
  ['a press in another workspace', slackClick('t', { team: { id: 'T0002' } })],
  ['a press of a guest', slackClick('t', { user: { id: 'U0001', team_id: 'T0002' } })],
  ['a press of another app', slackClick('t', { api_app_id: 'A0002' })],
  ['a press of nobody knows which workspace', slackClick('t', { team: null, user: { id: 'U1' } })],
])('%s is as good as unsigned', ([, fields], { expect }) => {
  expect(() => read(fields)).toThrow(expect.objectContaining({ code: 'unsigned' }));
});

test('an app that is installed for a whole organization names the workspace with the user', ({
  expect,
}) => {
  expect(read(slackClick('t', { team: null }))).toMatchObject({ kind: 'click', token: 't' });
});

test.for<[string, Record<string, string>, string]>([
  ['a look whether we are there', { ssl_check: '1', token: 'x' }, 'handshake'],
  ['another interaction', slackClick('t', { type: 'view_closed' }), 'ignored'],
  ['two actions at once', slackClick('t', { actions: [{ type: 'a' }, { type: 'b' }] }), 'ignored'],
  ['an action without a value', slackClick('t', { actions: [{ type: 'button' }] }), 'ignored'],
])('%s does nothing', ([, fields, kind], { expect }) => {
  expect(read(fields).kind).toBe(kind);
});

test.for([
  'http://hooks.slack.com/commands/1',
  'https://hooks.slack.com.evil.example/commands/1',
  'https://hooks.slack.com@169.254.169.254/commands/1',
  'https://user:pw@hooks.slack.com/commands/1',
  'https://hooks.slack.com:8443/commands/1',
  'https://hooks.slack.com/services/T1/B1/x',
  'https://hooks.slack.com\\@evil.example/commands/1',
  'https://hooks.slack.com/commands/\n1',
  'javascript:alert(1)',
  'x',
])('no answer goes to %j', (response_url, { expect }) => {
  expect(read(slackLine('help', { response_url }))).toMatchObject({
    kind: 'line',
    replyTo: { url: '', untilMs: 0 },
  });
});

test('under a loopback endpoint answers go there, and nowhere else', ({ expect }) => {
  const app = { ...APP, endpoint: 'http://127.0.0.1:9010' };
  const urlFor = (response_url: string) => {
    const line = read(slackLine('help', { response_url }), app);
    return line.kind === 'line' ? line.replyTo.url : undefined;
  };
  expect(urlFor('http://127.0.0.1:9010/commands/1')).toBe('http://127.0.0.1:9010/commands/1');
  expect(urlFor('http://127.0.0.1:9011/commands/1')).toBe('');
  expect(urlFor(SLACK_LINE.response_url)).toBe('');
});

test.for([
  'user_id=U1&user_id=U2',
  'user_id=U1&user%5Fid=U2',
  'a=%ff',
  'a=%zz',
  Array.from({ length: 65 }, (_, n) => `p${n}=1`).join('&'),
])('the form %j is refused whole', (body, { expect }) => {
  expect(() => parseForm(Buffer.from(body))).toThrow(
    expect.objectContaining({ code: 'bad-request' }),
  );
});

test('any form that was written by the standard is read back', ({ expect }) => {
  const fields = fc.uniqueArray(fc.tuple(fc.string(), fc.string()), {
    selector: ([name]) => name,
    maxLength: 20,
  });
  fc.assert(
    fc.property(fields, (pairs) => {
      const body = Buffer.from(new URLSearchParams(pairs).toString());
      expect([...parseForm(body)]).toEqual(pairs);
    }),
  );
});

test('a form of any bytes is read or refused, and nothing else', ({ expect }) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        readSlack(bytes, APP, NOW_MS);
        return false;
      } catch (error) {
        expect(error).toBeInstanceOf(LatchkeyError);
        return true;
      }
    }),
  );
});

test.for([
  ['attach ops to i-a', 'attach ops to i-a'],
  ['<@U012ABCDEF> status', 'status'],
  ['<@U012ABCDEF|latchkey>  <@W1> help attach', 'help attach'],
  ['plan <http://ops.example|ops.example> to i-a', 'plan ops.example to i-a'],
  ['x <https://a.example/?q=1&amp;r=2>', 'x https://a.example/?q=1&r=2'],
  ['x <mailto:a@b.example|a@b.example> <mailto:c@d.example>', 'x a@b.example c@d.example'],
  ['--note "for <@U1|bob> in <#C1|ops> and <#C2>"', '--note "for @bob in #ops and #C2"'],
  ['--note "<!channel> <!here|here> <!subteam^S1|@ops>"', '--note "@channel here @ops"'],
  ['a &lt;b&gt; &amp; c', 'a <b> & c'],
  ['&amp;lt;script&amp;gt;', '&lt;script&gt;'],
  ['  status  ', 'status'],
  ['', ''],
])('Slack’s %j was typed as %j', ([sent, typed], { expect }) => {
  expect(typedText(sent!)).toBe(typed);
});

test('a field that cannot be read is named, and its value is not', ({ expect }) => {
  const secret = 'xoxb secret';
  expect(() => read(slackLine('help', { trigger_id: secret }))).toThrow(
    new LatchkeyError(
      'bad-request',
      'Cannot read the slash command: "/trigger_id" is not as documented',
    ),
  );
});

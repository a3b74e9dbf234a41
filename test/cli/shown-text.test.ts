import { describe, test } from 'vitest';
import { shownText, shownWhy } from '../../cli/redrive/shown-text.ts';

const SECRET = 'T0001-secret';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const shown = (text: string) => shownText({ texts: [text] });

const REPLY = {
  schema: 'latchkey.reply/1',
  id: 'or-1',
  to: {
    place: { platform: 'slack', tenant: SECRET, channel: SECRET },
    user: SECRET,
    url: `https://hooks.slack.com/commands/${SECRET}`,
    untilMs: 1,
    messageId: SECRET,
  },
  card: { title: SECRET, buttons: [{ token: SECRET }] },
  attempt: 2,
};
const ORDER = {
  schema: 'latchkey.order/1',
  id: 'or-2',
  via: 'line',
  text: SECRET,
  replyTo: REPLY.to,
  personId: SECRET,
};
const whole = JSON.stringify(REPLY);
const envelope = (messageBody: string) => JSON.stringify([{ id: 'e', data: { messageBody } }]);

describe('a chat message is shown by its kind, without its content', () => {
  test('for an answer and an order', ({ expect }) => {
    expect(JSON.parse(shown(whole))).toEqual({
      schema: 'latchkey.reply/1',
      id: 'or-1',
      attempt: 2,
      '…': 'not shown',
    });
    expect(JSON.parse(shown(JSON.stringify(ORDER)))).toEqual({
      schema: 'latchkey.order/1',
      id: 'or-2',
      via: 'line',
      '…': 'not shown',
    });
  });

  test.for([
    ['in base64', base64(whole)],
    ['in an envelope', envelope(whole)],
    ['in an envelope, in base64', envelope(base64(whole))],
    ['in an envelope in base64', base64(envelope(whole))],
    ['of a later version', whole.replace('reply/1', 'reply/12')],
    ['cut off', whole.slice(0, -1)],
    ['cut off, in base64', base64(whole.slice(0, -1))],
    ['cut off, in an envelope', envelope(whole.slice(0, -1))],
    ['cut off, in an envelope, in base64', envelope(base64(whole.slice(0, -1)))],
    ['with an object for an id', JSON.stringify({ ...REPLY, id: { is: SECRET } })],
    ['on several lines', JSON.stringify(REPLY, null, 2)],
  ])('%s', ([, text], { expect }) => {
    expect(shown(text!)).not.toContain(SECRET);
    expect(shown(text!)).not.toContain(base64(SECRET));
    expect(shown(text!)).toContain('latchkey.reply/1');
    const why = `"/card/title": Cannot take "${SECRET}": must be a number`;
    expect(shownWhy({ why, texts: [text!] })).toBe('"/card/title": Cannot take a hidden value');
  });
});

test('paths of URLs, and values that look like secrets or are named so, are hidden', ({
  expect,
}) => {
  const url = `https://example.com:8443/robot/${SECRET}?session=${SECRET}`;
  const event = { type: 'x', data: { sessionWebhook: SECRET, note: `see ${url} now`, n: 1 } };
  for (const text of [JSON.stringify(event), base64(JSON.stringify(event)), `at ${url}`]) {
    expect(shown(text)).not.toContain(SECRET);
    expect(shown(text)).toContain('https://example.com:8443/[redacted]');
  }
  const escaped = JSON.stringify(event).replaceAll('/', '\\/').slice(0, -1);
  expect(shown(escaped)).not.toContain(`robot\\/${SECRET}`);
  expect(shownWhy({ why: `Cannot take "${url}"`, texts: ['x'] })).not.toContain(SECRET);
});

test.for([
  '{"schema":"latchkey.wake/1","rolloutId":"ro-aaaaaaaaaaaaaaaaaaaaaaaaaa"}',
  'ro-aaaaaaaaaaaaaaaaaaaaaaaaaa',
  '<html>502</html>',
  'QWER',
])('other text is shown unchanged: %s', (text, { expect }) => {
  expect(shown(text)).toBe(text);
});

test('the messages of a batch are joined, and a value that is nested too deeply is not shown', ({
  expect,
}) => {
  expect(shownText({ texts: ['a', '{"b":1}'] })).toBe('a {"b":1}');
  expect(shown('['.repeat(20_000) + ']'.repeat(20_000))).toBe('nested too deeply to be shown');
});

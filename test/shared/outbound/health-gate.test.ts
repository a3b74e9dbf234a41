import type { ServerResponse } from 'node:http';
import { test } from 'vitest';
import type { GateQuestion, Log } from '../../../shared/domain/model/ports.ts';
import { verifyWebhook } from '../../../shared/contract/webhook-signature.ts';
import { httpHealthGate } from '../../../shared/outbound/health-gate.ts';
import type { After } from '../../../shared/outbound/http.ts';
import { keptSockets } from '../../../shared/outbound/sockets.ts';
import { askedServer } from '../../support/asked-server.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const secret = { key: Buffer.from('g'.repeat(32)) };
const QUESTION: GateQuestion = {
  rolloutId: 'ro-aaaaaaaaaaaaaaaaaaaaaaaaaa',
  phase: 'before',
  wave: 2,
  instanceIds: ['i-a', 'i-b'],
};

function aGate(url: string, more: { readonly after?: After; readonly log?: Log } = {}) {
  let id = 0;
  return httpHealthGate({
    url,
    secret,
    timeoutMs: 5_000,
    sockets: keptSockets(),
    nowMs: () => NOW_MS,
    newId: () => `gate_${(id += 1)}`,
    log: () => {},
    ...more,
  });
}

const says =
  (text: string, status = 200) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(text);

test('the question is signed, under an id of its own each time', async ({ expect }) => {
  const { url, asked } = await askedServer(says('{"answer":"go"}'));
  const gate = aGate(`${url}/ask?team=web`);
  expect(await gate.ask(QUESTION)).toEqual({ answer: 'go', reason: '' });
  await gate.ask({ ...QUESTION, phase: 'after' });
  const ids = asked.map(({ headers, body }) => {
    const signed = { headers, body, secrets: [secret], nowMs: NOW_MS };
    return verifyWebhook(signed).id;
  });
  expect(ids).toEqual(['gate_1', 'gate_2']);
  expect(asked[0]).toMatchObject({ method: 'POST', url: '/ask?team=web' });
  expect(JSON.parse(asked[0]!.body.toString())).toEqual({
    schema: 'latchkey.gate/1',
    ...QUESTION,
  });
});

test.for([
  ['{"answer":"go","reason":"p99 is 40 ms","more":1}', 'go', 'p99 is 40 ms'],
  ['{"answer":"wait","reason":"errors"}', 'wait', 'errors'],
  ['{"answer":"halt"}', 'halt', ''],
  [JSON.stringify({ answer: 'halt', reason: '停'.repeat(300) }), 'halt', '停'.repeat(200)],
])('%s is an answer', async ([text, answer, reason], { expect }) => {
  const { url } = await askedServer(says(text!));
  expect(await aGate(url).ask(QUESTION)).toEqual({ answer, reason });
});

test.for([
  '',
  'go',
  '"go"',
  '{}',
  '{"answer":"GO"}',
  '{"answer":"go","reason":1}',
  '[]',
  '{"answer":',
])('"%s" is no answer, so wait', async (text, { expect }) => {
  const { url } = await askedServer(says(text));
  expect(await aGate(url).ask(QUESTION)).toEqual({
    answer: 'wait',
    reason: 'The gate gave no answer that can be read',
  });
});

test.for([201, 204, 400, 401, 500, 503])(
  'go with status %i is no go, so wait',
  async (status, { expect }) => {
    const { url } = await askedServer(says('{"answer":"go"}', status));
    expect(await aGate(url).ask(QUESTION)).toEqual({
      answer: 'wait',
      reason: `The gate answered with HTTP status ${status}`,
    });
  },
);

test('a redirect is not followed', async ({ expect }) => {
  const other = await askedServer(says('{"answer":"go"}'));
  const { url } = await askedServer(
    (response) => void response.writeHead(307, { location: other.url }).end('{"answer":"go"}'),
  );
  expect(await aGate(url).ask(QUESTION)).toMatchObject({ answer: 'wait' });
  expect(other.asked).toEqual([]);
});

test('an answer of more than 4 KB is not read', async ({ expect }) => {
  const { url } = await askedServer(says(JSON.stringify({ answer: 'go', pad: 'x'.repeat(4_096) })));
  const { answer, reason } = await aGate(url).ask(QUESTION);
  expect(answer).toBe('wait');
  expect(reason).toContain('larger than 4096 bytes');
});

test('no answer in time means wait', async ({ expect }) => {
  let over = () => {};
  const waited: number[] = [];
  const { url } = await askedServer(() => over());
  const after: After = (delayMs, run) => {
    waited.push(delayMs);
    over = run;
    return () => {};
  };
  const { answer, reason } = await aGate(url, { after }).ask(QUESTION);
  expect(answer).toBe('wait');
  expect(reason).toContain('no answer within 5000 ms');
  expect(waited).toEqual([5_000]);
});

test('a broken and a refused connection mean wait', async ({ expect }) => {
  const { url, close } = await askedServer((_, request) => request.socket.resetAndDestroy());
  expect(await aGate(url).ask(QUESTION)).toMatchObject({ answer: 'wait' });
  close();
  const { answer, reason } = await aGate(url).ask(QUESTION);
  expect(answer).toBe('wait');
  expect(reason).toMatch(/^Cannot POST "127\.0\.0\.1:\d+\/": ECONNREFUSED$/);
});

test('the question and the answer are logged', async ({ expect }) => {
  const lines: unknown[] = [];
  const log: Log = (...line) => lines.push(line);
  const { url } = await askedServer(says('{"answer":"halt","reason":"on fire"}'));
  await aGate(url, { log }).ask(QUESTION);
  const { rolloutId, phase, wave } = QUESTION;
  expect(lines).toEqual([
    ['warn', 'gate', { rolloutId, phase, wave, answer: 'halt', reason: 'on fire', tookMs: 0 }],
  ]);
});

test.for(['http://gate.example.com/', 'gate', 'ftp://127.0.0.1/'])(
  'a gate at %s is a bug',
  (url, { expect }) => {
    expect(() => aGate(url)).toThrow(TypeError);
  },
);

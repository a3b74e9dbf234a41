import { test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { bugProblem, json, problem, readHttpEvent } from '../../../shared/inbound/fc.ts';

/** https://www.alibabacloud.com/help/en/functioncompute/fc/http-trigger-invoking-function */
function anEvent(change: Record<string, unknown> = {}): Buffer {
  const event = {
    version: 'v1',
    rawPath: '/rollouts/ro%20x',
    body: '{"a":"é"}',
    isBase64Encoded: false,
    headers: { 'Content-Type': 'application/json', 'Webhook-Id': 'msg_1' },
    queryParameters: { limit: '5' },
    requestContext: {
      accountId: '1000000000000000',
      domainName: 'x.cn-hangzhou.fcapp.run',
      http: {
        method: 'post',
        path: '/rollouts/ro x',
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'curl',
      },
      requestId: '1-64f6cd87',
      time: '2023-09-05T06:41:11Z',
      timeEpoch: '1693896071895',
    },
    ...change,
  };
  return Buffer.from(JSON.stringify(event));
}

test('an HTTP event is read, whatever the case of its headers', ({ expect }) => {
  expect(readHttpEvent(anEvent())).toEqual({
    method: 'POST',
    path: '/rollouts/ro x',
    rawPath: '/rollouts/ro%20x',
    query: { limit: '5' },
    headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1' },
    body: Buffer.from('{"a":"é"}'),
    sourceIp: '192.0.2.1',
  });
});

test('a base64 body is decoded', ({ expect }) => {
  const bytes = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
  const event = anEvent({ body: bytes.toString('base64'), isBase64Encoded: true });
  expect(readHttpEvent(event).body).toEqual(bytes);
});

test('the missing fields of a GET are empty', ({ expect }) => {
  const event = anEvent({ body: undefined, queryParameters: null, headers: undefined });
  expect(readHttpEvent(event)).toMatchObject({ query: {}, headers: {}, body: { length: 0 } });
});

test('a header that is sent in two cases has both values', ({ expect }) => {
  const event = anEvent({ headers: { 'Webhook-Id': 'a', 'webhook-id': 'b' } });
  expect(readHttpEvent(event).headers).toEqual({ 'webhook-id': 'a,b' });
});

test('a header named like a field of the prototype is only a header', ({ expect }) => {
  const event = anEvent({
    headers: JSON.parse('{"__proto__":"a","constructor":"b","TOSTRING":"c"}'),
  });
  const { headers } = readHttpEvent(event);
  expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  expect(headers['tostring']).toBe('c');
});

test('an event of more than a megabyte is not read', ({ expect }) => {
  expect(() => readHttpEvent(Buffer.alloc(1024 * 1024 + 1, 0x20))).toThrow(
    'Cannot read an HTTP event of 1048577 bytes: at most 1048576 are read',
  );
});

test('the extra fields of an error are in the answer, and replace no other field', ({ expect }) => {
  const extra = { planDigest: 'sha256:1', difference: null, status: 200, code: 'fine' };
  const error = new LatchkeyError('plan-changed', 'Cannot start', { extra });
  const reply = problem(error, { nowMs: 0, instance: '1-2' });
  expect(JSON.parse(reply.body)).toMatchObject({
    planDigest: 'sha256:1',
    difference: null,
    status: 409,
    code: 'plan-changed',
  });
});

test.for<[string, Buffer]>([
  ['not JSON', Buffer.from('x')],
  ['not UTF-8', Buffer.from([0xff])],
  ['another version', anEvent({ version: 'v2' })],
  ['no context', anEvent({ requestContext: {} })],
])('an event that is %s is a bad request', ([, bytes], { expect }) => {
  const read = () => readHttpEvent(bytes);
  expect(read).toThrow(LatchkeyError);
  expect(read).toThrow(/^Cannot read the HTTP event: /);
});

test('a problem has the fields of RFC 9457, the code and the faults', ({ expect }) => {
  const faults = [{ path: ['restart'], detail: 'Cannot be left out: required' }];
  const error = new LatchkeyError('not-valid', 'Cannot accept the request: x', { faults });
  const reply = problem(error, { nowMs: 0, instance: '1-2', headers: { allow: 'GET' } });
  expect(reply.statusCode).toBe(422);
  expect(reply.headers).toEqual({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    allow: 'GET',
  });
  expect(JSON.parse(reply.body)).toEqual({
    type: 'urn:latchkey:not-valid',
    title: 'Not valid',
    status: 422,
    detail: 'Cannot accept the request: x',
    instance: '1-2',
    code: 'not-valid',
    errors: [{ pointer: '/restart', detail: 'Cannot be left out: required' }],
  });
});

test.for<[LatchkeyError, string | undefined]>([
  [new LatchkeyError('throttled', 'x', { retryAtMs: 61_001 }), '62'],
  [new LatchkeyError('throttled', 'x', { retryAtMs: -5_000 }), '1'],
  [new LatchkeyError('unavailable', 'x'), '5'],
  [new LatchkeyError('timeout', 'x'), undefined],
])('%o has the right Retry-After', ([error, seconds], { expect }) => {
  expect(problem(error, { nowMs: 0, instance: '1-2' }).headers['retry-after']).toBe(seconds);
});

test('the answer to a bug has the request id and nothing about the cause', ({ expect }) => {
  const reply = bugProblem('1-2');
  expect(reply.statusCode).toBe(500);
  expect(JSON.parse(reply.body)).toMatchObject({ code: 'bug', instance: '1-2', status: 500 });
});

test('a value is answered as JSON', ({ expect }) => {
  expect(json(202, { a: 1 })).toEqual({
    statusCode: 202,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    isBase64Encoded: false,
    body: '{"a":1}',
  });
});

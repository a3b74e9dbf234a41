import { describe, test } from 'vitest';
import { acs3Signature } from '../../../../local/cloud/fc/api/signature.ts';
import { DEFAULT_SETTINGS } from '../../../../local/cloud/kernel/settings.ts';
import { virtualClock } from '../../../../local/cloud/kernel/clock.ts';
import type { WireRequest } from '../../../../local/http/wire.ts';
import { json, startHost } from '../host.ts';

type Answer = (event: Record<string, unknown>) => unknown;

/** A request that every trigger takes. */
function aRequest(change: Partial<WireRequest> = {}): WireRequest {
  return {
    method: 'POST',
    path: '/a%20path/x',
    query: 'k=1&k=2&empty=&p%C3%A4=%2B',
    headers: {
      host: 'localhost:9000',
      connection: 'keep-alive',
      'content-type': 'application/json',
      'user-agent': 'test/1',
      'x-acs-date': '2026-01-01T00:00:00Z',
      'x-fc-request-id': 'mine',
      cookie: 'a=1; b=2',
    },
    body: Buffer.from('{"ä":1}'),
    sourceIp: '127.0.0.1',
    ...change,
  };
}

/** The trigger of the function `web`, whose handler answers by `answer`. */
async function startTrigger(
  onTestFinished: (run: () => Promise<void>) => void,
  answer: Answer,
  name = 'web',
) {
  const handler = async (event: Buffer) => answer(JSON.parse(event.toString('utf8')));
  const module = () => ({ handler });
  const { fc } = await startHost(onTestFinished, {
    clock: virtualClock(Date.parse('2026-01-01T00:00:00.123Z')),
    modules: { 'fixture-web': module, 'fixture-signed': module },
  });
  return fc.httpTrigger(`fixture-${name}`)!;
}

const OK = { statusCode: 200, body: 'ok' };

describe('the event of an http trigger', () => {
  test('is the first version of the struct, whole', async ({ expect, onTestFinished }) => {
    const events: unknown[] = [];
    const trigger = await startTrigger(onTestFinished, (event) => (events.push(event), OK));

    const reply = await trigger(aRequest());

    const requestId = reply.headers!['x-fc-request-id'];
    expect(requestId).toMatch(/^1-6955b900-[0-9a-f]{8}-[0-9a-f]{12}$/);
    expect(events).toEqual([
      {
        version: 'v1',
        rawPath: '/a%20path/x',
        body: '{"ä":1}',
        isBase64Encoded: false,
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'test/1',
          'X-Acs-Date': '2026-01-01T00:00:00Z',
          Cookie: 'a=1; b=2',
        },
        queryParameters: { k: '1,2', empty: '', pä: '+' },
        requestContext: {
          accountId: '1000000000000000',
          domainName: expect.stringMatching(/^[0-9a-f-]{36}\.cn-hangzhou\.fcapp\.run$/) as string,
          domainPrefix: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
          http: {
            method: 'POST',
            path: '/a path/x',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'test/1',
          },
          requestId,
          time: '2026-01-01T00:00:00Z',
          timeEpoch: '1767225600123',
          triggerId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        },
      },
    ]);
  });

  test.for([
    ['text/plain; charset=utf-8', 'plain', false],
    ['application/x-www-form-urlencoded', 'a=1', false],
    ['application/octet-stream', 'plain', true],
    ['application/jsonl', 'plain', true],
  ] as const)('with %s carries %s (base64: %s)', async ([type, text, encoded], context) => {
    const { expect, onTestFinished } = context;
    const events: Record<string, unknown>[] = [];
    const trigger = await startTrigger(onTestFinished, (event) => (events.push(event), OK));

    await trigger(aRequest({ headers: { 'content-type': type }, body: Buffer.from(text) }));

    const body = encoded ? Buffer.from(text).toString('base64') : text;
    expect(events[0]).toMatchObject({ body, isBase64Encoded: encoded });
  });

  test('carries bytes that are no UTF-8 as base64, whatever their type', async ({
    expect,
    onTestFinished,
  }) => {
    const events: Record<string, unknown>[] = [];
    const trigger = await startTrigger(onTestFinished, (event) => (events.push(event), OK));

    await trigger(aRequest({ body: Buffer.from([0xff, 0xfe]) }));

    expect(events[0]).toMatchObject({ body: '//4=', isBase64Encoded: true });
  });
});

describe('the reply of an http trigger', () => {
  test('has the defaults of the default domain', async ({ expect, onTestFinished }) => {
    const trigger = await startTrigger(onTestFinished, () => OK);

    expect(await trigger(aRequest())).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'application/json',
        'content-disposition': 'attachment',
        'x-fc-request-id': expect.any(String) as string,
      },
      body: Buffer.from('ok'),
    });
  });

  test('decodes a base64 body and keeps what headers a function may set', async ({
    expect,
    onTestFinished,
  }) => {
    const trigger = await startTrigger(onTestFinished, () => ({
      statusCode: 201,
      headers: {
        'Content-Type': 'image/png',
        Location: '/x',
        'X-Fc-Request-Id': 'forged',
        Connection: 'close',
        'Content-Length': '99',
        'Content-Disposition': 'inline',
        Server: 'mine',
      },
      isBase64Encoded: true,
      body: '/wAB',
    }));

    const reply = await trigger(aRequest());

    expect(reply).toMatchObject({ status: 201, body: Buffer.from([0xff, 0x00, 0x01]) });
    expect(reply.headers!).toMatchObject({
      'content-type': 'image/png',
      location: '/x',
      'content-disposition': 'attachment',
    });
    expect(reply.headers!['x-fc-request-id']).not.toBe('forged');
    expect(Object.keys(reply.headers!)).not.toContain('server');
    expect(Object.keys(reply.headers!)).not.toContain('connection');
  });

  test.for([
    ['plain text', 'the function did not return an object'],
    [[1], 'the function did not return an object'],
    [{ ok: true }, '"statusCode" must be a whole number from 200 to 599'],
    [{ statusCode: '200' }, '"statusCode" must be a whole number from 200 to 599'],
    [{ statusCode: 200, body: { a: 1 } }, '"body" must be a string'],
    [{ statusCode: 200, headers: { 'X-A': ['1'] } }, 'header "X-A" must be a string'],
    [{ statusCode: 200, headers: { 'X-A': 'a\nb' } }, 'header "X-A" is not valid'],
    [
      { statusCode: 200, headers: { 'X-A': 'a'.repeat(8_192) } },
      'the headers are larger than 8192 bytes',
    ],
  ] as const)('for %j is 502: %s', async ([answer, why], { expect, onTestFinished }) => {
    const trigger = await startTrigger(onTestFinished, () => answer);

    const reply = await trigger(aRequest());

    expect(reply.status).toBe(502);
    expect(json(reply)).toMatchObject({ Code: 'BadResponse', Message: `invalid response: ${why}` });
  });

  test('of a function that fails is 502 with the error', async ({ expect, onTestFinished }) => {
    const trigger = await startTrigger(onTestFinished, () => {
      throw new TypeError('oops');
    });

    const reply = await trigger(aRequest());

    expect(reply).toMatchObject({
      status: 502,
      headers: { 'x-fc-error-type': 'UnhandledInvocationError' },
    });
    expect(json(reply)).toMatchObject({ errorMessage: 'oops', errorType: 'TypeError' });
  });
});

describe('an http trigger refuses', () => {
  test.for([
    ['a method that it does not list', { method: 'DELETE' }, 405, 'MethodNotAllowed'],
    ['a long path', { path: `/${'a'.repeat(4_096)}`, query: '' }, 400, 'InvalidArgument'],
    ['large headers', { headers: { 'x-a': 'a'.repeat(8_192) } }, 400, 'InvalidArgument'],
    [
      'a large body of an asynchronous call',
      { headers: { 'x-fc-invocation-type': 'Async' }, body: Buffer.alloc(128 * 1024 + 1) },
      400,
      'InvalidArgument',
    ],
    [
      'an unknown way to invoke',
      { headers: { 'x-fc-invocation-type': 'Later' } },
      400,
      'InvalidArgument',
    ],
  ] as const)('%s', async ([, change, status, code], { expect, onTestFinished }) => {
    const trigger = await startTrigger(onTestFinished, () => OK);

    const reply = await trigger(aRequest(change));

    expect(reply.status).toBe(status);
    expect(json(reply)).toMatchObject({ Code: code, RequestId: reply.headers!['x-fc-request-id'] });
  });

  test('an unsigned request where a signature is asked for', async ({ expect, onTestFinished }) => {
    const trigger = await startTrigger(onTestFinished, () => OK, 'signed');

    const unsigned = await trigger(aRequest());
    const date = new Date().toISOString();
    const headers: Record<string, string> = { 'x-acs-date': date };
    const signed = ['x-acs-date'];
    const { accessKeyId, accessKeySecret } = DEFAULT_SETTINGS;
    const request = aRequest({ headers });
    const signature = acs3Signature(accessKeySecret, request, signed, 'trigger', '');
    headers['authorization'] =
      `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=x-acs-date,Signature=${signature}`;

    expect(unsigned.status).toBe(400);
    expect(json(unsigned)).toMatchObject({
      Message: 'required HTTP header Date was not specified',
    });
    expect((await trigger(request)).status).toBe(200);
  });
});

test('an asynchronous request is accepted with 202 and runs afterwards', async ({
  expect,
  onTestFinished,
}) => {
  const clock = virtualClock(0);
  const events: unknown[] = [];
  const { fc } = await startHost(onTestFinished, {
    clock,
    modules: { 'fixture-web': () => ({ handler: async (event: Buffer) => events.push(event) }) },
  });

  const reply = await fc.httpTrigger('fixture-web')!(
    aRequest({ headers: { 'x-fc-invocation-type': 'Async' } }),
  );

  expect(reply).toMatchObject({ status: 202, body: '' });
  expect(events).toEqual([]);
  clock.advance(1);
  await new Promise(setImmediate);
  expect(events).toHaveLength(1);
});

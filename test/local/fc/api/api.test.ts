import * as core from '@alicloud/openapi-core';
import { RuntimeOptions } from '@darabonba/typescript';
import { createHash } from 'node:crypto';
import { describe, test } from 'vitest';
import { legacySignature } from '../../../../local/cloud/fc/api/signature.ts';
import { serve } from '../../../../local/cloud/kernel/serve.ts';
import { DEFAULT_SETTINGS } from '../../../../local/cloud/kernel/settings.ts';
import { eventually } from '../eventually.ts';
import { type HostOptions, json, startHost } from '../host.ts';

const { $OpenApiUtil } = core;
type Client = typeof core.default.default;
// A CommonJS package: its default export comes wrapped or not, by who loads it.
const OpenApiClient =
  (core.default as unknown as { default?: Client }).default ?? (core.default as unknown as Client);
const { accessKeyId, accessKeySecret } = DEFAULT_SETTINGS;

async function startApi(
  onTestFinished: (run: () => Promise<void>) => void,
  handler: (event: Buffer, context: unknown) => Promise<unknown>,
  options: HostOptions = {},
) {
  const host = await startHost(onTestFinished, {
    modules: { 'fixture-callback': () => ({ callback: handler }) },
    ...options,
  });
  const listening = await serve(host.kernel, host.fc.service, 0);
  onTestFinished(() => listening.close());
  return { ...host, origin: `127.0.0.1:${listening.port}` };
}

/** The official client, as every SDK of the newer generation uses it. */
function invokeBySdk(
  origin: string,
  functionName: string,
  event: object,
  secret = accessKeySecret,
) {
  const client = new OpenApiClient(
    new $OpenApiUtil.Config({
      accessKeyId,
      accessKeySecret: secret,
      endpoint: origin,
      protocol: 'HTTP',
    }),
  );
  const params = new $OpenApiUtil.Params({
    action: 'InvokeFunction',
    version: '2023-03-30',
    protocol: 'HTTP',
    pathname: `/2023-03-30/functions/${functionName}/invocations`,
    method: 'POST',
    authType: 'AK',
    style: 'ROA',
    reqBodyType: 'json',
    bodyType: 'json',
  });
  const request = new $OpenApiUtil.OpenApiRequest({
    query: { qualifier: 'LATEST' },
    headers: { 'x-fc-log-type': 'Tail' },
    body: event,
  });
  return client.callApi(params, request, new RuntimeOptions({})) as Promise<{
    statusCode: number;
    headers: Record<string, string>;
    body: unknown;
  }>;
}

/** What @alicloud/fc2 with `version = '2023-03-30'` sends: see signature.test.ts. */
function invokeByFc2(origin: string, functionName: string, body: string, own: object = {}) {
  const md5 = createHash('md5').update(body).digest('hex');
  const path = `/2023-03-30/functions/${functionName}/invocations`;
  const headers: Record<string, string> = {
    date: new Date().toUTCString(),
    'content-type': 'application/octet-stream',
    'content-md5': Buffer.from(md5).toString('base64'),
    ...own,
  };
  const signature = legacySignature(accessKeySecret, { method: 'POST', path, headers });
  headers['authorization'] = `FC ${accessKeyId}:${signature}`;
  return fetch(`http://${origin}${path}`, { method: 'POST', headers, body });
}

describe('InvokeFunction', () => {
  test('is called by the official client', async ({ expect, onTestFinished }) => {
    const { origin, kernel } = await startApi(onTestFinished, async (event) => ({
      got: JSON.parse(event.toString()) as unknown,
    }));

    const reply = await invokeBySdk(origin, 'fixture-callback', { a: 1 });

    expect(reply.statusCode).toBe(200);
    expect(reply.body).toEqual({ got: { a: 1 } });
    expect(reply.headers).toMatchObject({
      'x-fc-request-id': expect.stringMatching(/^1-/) as string,
      'x-fc-invocation-duration': expect.stringMatching(/^\d+$/) as string,
      'x-fc-instance-id': expect.stringMatching(/^c-/) as string,
    });
    expect(Buffer.from(reply.headers['x-fc-log-result']!, 'base64').toString()).toContain(
      `FC Invoke End RequestId: ${reply.headers['x-fc-request-id']}`,
    );
    expect(kernel.calls.of('fc', 'InvokeFunction')).toBe(1);
  });

  test('with a wrong secret is refused', async ({ expect, onTestFinished }) => {
    const { origin } = await startApi(onTestFinished, async () => 'never');

    await expect(invokeBySdk(origin, 'fixture-callback', {}, 'wrong')).rejects.toMatchObject({
      code: 'SignatureNotMatch',
      statusCode: 403,
    });
  });

  test('of an unknown function is 404', async ({ expect, onTestFinished }) => {
    const { origin } = await startApi(onTestFinished, async () => 'never');

    await expect(invokeBySdk(origin, 'nobody', {})).rejects.toMatchObject({
      code: 'FunctionNotFound',
      statusCode: 404,
    });
  });

  test('takes the older signature, and a function error is 200 with its type', async ({
    expect,
    onTestFinished,
  }) => {
    const { origin } = await startApi(onTestFinished, async () => {
      throw new Error('oops');
    });

    const reply = await invokeByFc2(origin, 'fixture-callback', '{}');

    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-fc-error-type')).toBe('UnhandledInvocationError');
    expect(await reply.json()).toMatchObject({ errorMessage: 'oops', errorType: 'Error' });
  });

  test('asynchronously is accepted at once, within 128 KB', async ({ expect, onTestFinished }) => {
    const events: string[] = [];
    const { origin } = await startApi(onTestFinished, async (event) => {
      events.push(event.toString());
    });
    const later = { 'x-fc-invocation-type': 'Async' };

    const accepted = await invokeByFc2(origin, 'fixture-callback', 'small', later);
    const refused = await invokeByFc2(origin, 'fixture-callback', 'x'.repeat(131_073), later);

    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('x-fc-request-id')).toMatch(/^1-/);
    await eventually(() => expect(events).toEqual(['small']));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      Code: 'EntityTooLarge',
      Message: 'payload size exceeds maximum allowed size (131072 bytes)',
    });
  });

  test('gives the last 4 KB of the log when asked', async ({ expect, onTestFinished }) => {
    const { fc, kernel } = await startHost(onTestFinished);
    const listening = await serve(kernel, fc.service, 0);
    onTestFinished(() => listening.close());

    const reply = await invokeByFc2(`127.0.0.1:${listening.port}`, 'fixture-echo', '{"do":"log"}', {
      'x-fc-log-type': 'Tail',
    });

    const log = Buffer.from(reply.headers.get('x-fc-log-result')!, 'base64').toString();
    expect(log.split('\n').slice(1, -2).toSorted()).toEqual([
      'another line',
      'no line end',
      'one line',
    ]);
  });

  test('is struck by faults like every action', async ({ expect, onTestFinished }) => {
    const { origin, kernel } = await startApi(onTestFinished, async () => 'ok');
    kernel.faults.replace([{ service: 'fc', action: 'InvokeFunction', kind: 'throttle' }]);

    const reply = await invokeByFc2(origin, 'fixture-callback', '{}');

    expect(reply.status).toBe(429);
    expect(json({ body: Buffer.from(await reply.arrayBuffer()) })).toMatchObject({
      Code: 'ResourceExhausted',
    });
  });

  test('can kill the instance that calls it, at the call that a fault names', async ({
    expect,
    onTestFinished,
  }) => {
    const { fc, kernel, call } = await startHost(onTestFinished);
    const listening = await serve(kernel, fc.service, 0);
    onTestFinished(() => listening.close());
    kernel.faults.replace([
      { service: 'fc', action: 'InvokeFunction', kind: 'kill', function: 'fixture-echo', nth: 2 },
    ]);
    const path = '/2023-03-30/functions/fixture-echo/invocations';
    const request = { do: 'call', url: `http://127.0.0.1:${listening.port}${path}` };

    const first = await call('echo', request);
    const second = await call('echo', request);

    // The signature is no true one: what counts is that there was an answer.
    expect(first.body.toString()).toBe('400');
    expect(second.errorType).toBe('UnhandledInvocationError');
    expect(second.body.toString()).toContain('Process exited unexpectedly');
    expect(json(await call('echo'))).toMatchObject({ calls: 1 });
  });
});

import { describe, test } from 'vitest';
import { invoke, type InvokeCall } from '../../cli/invoke/invoke.ts';
import { serve } from '../../local/cloud/kernel/serve.ts';
import { DEFAULT_SETTINGS } from '../../local/cloud/kernel/settings.ts';
import { eventually } from '../local/fc/eventually.ts';
import { startHost } from '../local/fc/host.ts';

const { accessKeyId, accessKeySecret, accountId, regionId } = DEFAULT_SETTINGS;

/** The local Function Compute API with one function, `callback`. */
async function anApi(
  onTestFinished: (run: () => Promise<void>) => void,
  handler: (event: Buffer) => Promise<unknown>,
  secret = accessKeySecret,
) {
  const host = await startHost(onTestFinished, {
    modules: { 'fixture-callback': () => ({ callback: handler }) },
  });
  const listening = await serve(host.kernel, host.fc.service, 0);
  onTestFinished(() => listening.close());
  const target = {
    accountId,
    regionId,
    endpoint: `http://127.0.0.1:${listening.port}`,
    credentials: { accessKeyId, accessKeySecret: secret },
    timeoutMs: 10_000,
  };
  return (call: Partial<InvokeCall> = {}) =>
    invoke(target, {
      functionName: 'fixture-callback',
      event: Buffer.from('{"n":1}'),
      isAsync: false,
      ...call,
    });
}

describe('a function that is invoked', () => {
  test('answers with its bytes and the end of its log', async ({ expect, onTestFinished }) => {
    const call = await anApi(onTestFinished, async (event) => `got ${event.toString()}`);
    const invoked = await call();
    expect(invoked).toMatchObject({ kind: 'answered', requestId: expect.stringMatching(/.+/) });
    if (invoked.kind !== 'answered') return;
    expect(invoked.body.toString()).toContain('got {"n":1}');
    expect(invoked.log).toContain('FC Invoke End');
  });

  test('is an error when it fails, though the answer is HTTP 200', async ({
    expect,
    onTestFinished,
  }) => {
    const call = await anApi(onTestFinished, () => Promise.reject(new Error('no such thing')));
    expect(await call()).toMatchObject({
      kind: 'function-error',
      message: expect.stringContaining('no such thing'),
      log: expect.stringContaining('FC Invoke Start'),
    });
  });

  test('asynchronously is accepted, and then runs', async ({ expect, onTestFinished }) => {
    const events: string[] = [];
    const call = await anApi(onTestFinished, async (event) => events.push(event.toString()));
    expect(await call({ isAsync: true })).toMatchObject({ kind: 'accepted' });
    await eventually(() => expect(events).toEqual(['{"n":1}']));
  });

  test('that does not exist, or with a wrong secret, is refused in the words of Function Compute', async ({
    expect,
    onTestFinished,
  }) => {
    const call = await anApi(onTestFinished, async () => 'never');
    expect(await call({ functionName: 'other' })).toMatchObject({
      kind: 'refused',
      code: 'HTTP 404',
      message: expect.stringContaining('no such function'),
    });
    const unsigned = await anApi(onTestFinished, async () => 'never', 'wrong');
    expect(await unsigned()).toMatchObject({
      kind: 'refused',
      code: 'HTTP 403',
    });
  });

  test('at an address where nobody listens is refused', async ({ expect }) => {
    const invoked = await invoke(
      {
        accountId,
        regionId,
        endpoint: 'http://127.0.0.1:9',
        credentials: { accessKeyId, accessKeySecret },
        timeoutMs: 1_000,
      },
      { functionName: 'f', event: Buffer.from('{}'), isAsync: false },
    );
    expect(invoked).toMatchObject({ kind: 'refused' });
  });
});

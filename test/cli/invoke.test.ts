import { describe, test } from 'vitest';
import type { FcTarget } from '../../cli/invoke/fc-client.ts';
import { invoke, type InvokeCall } from '../../cli/invoke/invoke.ts';
import { listTriggers } from '../../cli/invoke/list-triggers.ts';
import { serve } from '../../local/cloud/kernel/serve.ts';
import { listen } from '../../local/http/listen.ts';
import { DEFAULT_SETTINGS } from '../../local/cloud/kernel/settings.ts';
import { eventually } from '../local/fc/eventually.ts';
import { type HostOptions, startHost } from '../local/fc/host.ts';

const { accessKeyId, accessKeySecret, accountId, regionId } = DEFAULT_SETTINGS;

/** The local Function Compute API. */
async function aHost(onTestFinished: (run: () => Promise<void>) => void, options: HostOptions) {
  const host = await startHost(onTestFinished, options);
  const listening = await serve(host.kernel, host.fc.service, 0);
  onTestFinished(() => listening.close());
  return { ...host, target: (secret?: string) => targetAt(listening.port, secret) };
}

function targetAt(port: number, secret = accessKeySecret): FcTarget {
  return {
    accountId,
    regionId,
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId, accessKeySecret: secret },
    timeoutMs: 10_000,
  };
}

/** With one function, `callback`. */
async function anApi(
  onTestFinished: (run: () => Promise<void>) => void,
  handler: (event: Buffer) => Promise<unknown>,
  secret = accessKeySecret,
) {
  const { target } = await aHost(onTestFinished, {
    modules: { 'fixture-callback': () => ({ callback: handler }) },
  });
  return (call: Partial<InvokeCall> = {}) =>
    invoke(target(secret), {
      functionName: 'fixture-callback',
      event: Buffer.from('{"n":1}'),
      isAsync: false,
      ...call,
    });
}

describe('invoke', () => {
  test('prints the answer and the end of the log', async ({ expect, onTestFinished }) => {
    const call = await anApi(onTestFinished, async (event) => `got ${event.toString()}`);
    const invoked = await call();
    expect(invoked).toMatchObject({ kind: 'answered', requestId: expect.stringMatching(/.+/) });
    if (invoked.kind !== 'answered') return;
    expect(invoked.body.toString()).toContain('got {"n":1}');
    expect(invoked.log).toContain('FC Invoke End');
  });

  test('treats a function error as an error, although the answer is HTTP 200', async ({
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

  test('with --async prints that the call was accepted, and the function runs', async ({
    expect,
    onTestFinished,
  }) => {
    const events: string[] = [];
    const call = await anApi(onTestFinished, async (event) => events.push(event.toString()));
    expect(await call({ isAsync: true })).toMatchObject({ kind: 'accepted' });
    await eventually(() => expect(events).toEqual(['{"n":1}']));
  });

  test('reports a missing function and a wrong secret with the status of Function Compute', async ({
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

  test('reports an address without a server', async ({ expect }) => {
    const invoked = await invoke(
      { ...targetAt(9), timeoutMs: 1_000 },
      { functionName: 'f', event: Buffer.from('{}'), isAsync: false },
    );
    expect(invoked).toMatchObject({ kind: 'refused' });
  });
});

describe('listTriggers', () => {
  const named = (host: Awaited<ReturnType<typeof aHost>>, name: string) =>
    listTriggers(host.target(), name);

  test('lists triggers with their URLs', async ({ expect, onTestFinished }) => {
    const host = await aHost(onTestFinished, {
      modules: {},
      urlOf: ({ functionName }) => `http://127.0.0.1/${functionName}`,
    });
    expect(await named(host, 'fixture-echo')).toEqual([
      { name: 'launched', isOn: true, url: undefined },
      { name: 'queue', isOn: true, url: undefined },
      { name: 'sweep', isOn: true, url: undefined },
    ]);
    expect(await named(host, 'fixture-web')).toEqual([
      { name: 'http', isOn: true, url: 'http://127.0.0.1/fixture-web' },
    ]);
  });

  /** The answer in the documentation. */
  test('tells which triggers are off', async ({ expect, onTestFinished }) => {
    const triggers = [
      { triggerName: 'tick', triggerType: 'timer', triggerConfig: '{"enable":false}' },
      {
        triggerName: 'state',
        triggerType: 'eventbridge',
        triggerConfig: '{"triggerEnable":false}',
      },
      { triggerName: 'odd', triggerType: 'other', triggerConfig: '', httpTrigger: null },
    ];
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ nextToken: '', triggers });
    const server = await listen(0, async () => ({ status: 200, headers, body }));
    onTestFinished(() => server.close());
    expect(await listTriggers(targetAt(server.port), 'f')).toEqual([
      { name: 'tick', isOn: false, url: undefined },
      { name: 'state', isOn: false, url: undefined },
      { name: 'odd', isOn: true, url: undefined },
    ]);
  });

  test('throws our own error codes for a missing function, a wrong secret and throttling', async ({
    expect,
    onTestFinished,
  }) => {
    const host = await aHost(onTestFinished, { modules: {} });
    await expect(named(host, 'other')).rejects.toMatchObject({ code: 'not-found' });
    await expect(listTriggers(host.target('wrong'), 'fixture-echo')).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(
        /^Cannot list the triggers of "fixture-echo": HTTP 403, request /,
      ),
    });
    host.kernel.faults.replace([{ service: 'fc', action: 'ListTriggers', kind: 'throttle' }]);
    await expect(named(host, 'fixture-echo')).rejects.toMatchObject({ code: 'throttled' });
  });

  test('throws unreachable for an address without a server', async ({ expect }) => {
    const target = { ...targetAt(9), timeoutMs: 1_000 };
    await expect(listTriggers(target, 'f')).rejects.toMatchObject({ code: 'unreachable' });
  });
});

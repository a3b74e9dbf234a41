import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { json, startHost } from '../host.ts';
import { instancesOf, processState } from '../instances.ts';

/** A server that answers nobody until it is told to. */
async function holdingServer(onTestFinished: (run: () => void) => void) {
  const held: (() => void)[] = [];
  const server: Server = createServer((_, outgoing) => void held.push(() => outgoing.end()));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const release = () => {
    for (const answer of held.splice(0)) answer();
  };
  return { url, held, release };
}

describe('a function in a child process', () => {
  test('gets its event as a Buffer, the context, and its environment only', async ({
    expect,
    onTestFinished,
  }) => {
    const { call, kernel } = await startHost(onTestFinished, { environment: { GREETING: 'hi' } });

    const result = await call('echo', { a: 1 });

    expect(result).toMatchObject({ status: 200 });
    expect(result.errorType).toBeUndefined();
    const answer = json(result);
    const context = answer['context'] as { credentials: Record<string, string> };
    const env = answer['env'] as Record<string, string>;
    expect(answer).toMatchObject({ isBuffer: true, event: { a: 1 }, initialized: 1, calls: 1 });
    expect(context).toMatchObject({
      requestId: result.requestId,
      function: {
        name: 'fixture-echo',
        handler: 'index.handler',
        memory: 512,
        timeout: 60,
        initializer: 'index.initialize',
        initializationTimeout: 60,
      },
      service: { qualifier: 'LATEST' },
      region: 'cn-hangzhou',
      accountId: '1000000000000000',
      retryCount: 0,
      logger: ['debug', 'error', 'info', 'log', 'logLevel', 'requestId', 'warn'],
    });
    const { accessKeyId, securityToken } = context.credentials;
    expect(kernel.account.find(accessKeyId!)).toMatchObject({
      securityToken,
      functionInstance: { functionName: 'fixture-echo', instanceId: env['FC_INSTANCE_ID'] },
    });
    expect(env).toMatchObject({
      GREETING: 'hi',
      PORT: '80',
      LEVEL: 'info',
      FC_FUNCTION_NAME: 'fixture-echo',
      ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
    });
    expect(Object.keys(env)).not.toContain('HOME');
    expect(Object.keys(env).filter((name) => name.startsWith('LOCAL_'))).toEqual([]);
  });

  test('is initialized once and serves call after call', async ({ expect, onTestFinished }) => {
    const { call, fc } = await startHost(onTestFinished);

    const first = json(await call('echo'));
    const second = json(await call('echo'));

    expect(second).toMatchObject({ initialized: 1, calls: 2, pid: first['pid'] });
    expect(instancesOf(fc, 'echo')).toMatchObject([{ invocations: 2, status: 'frozen' }]);
  });

  test('is stopped between calls, so that nothing that it left behind goes on', async ({
    expect,
    onTestFinished,
  }) => {
    const { call } = await startHost(onTestFinished);

    const { pid } = json(await call('echo')) as { pid: number };

    await eventually(() => expect(processState(pid)).toBe('T'));
    expect(json(await call('echo'))).toMatchObject({ pid });
    await eventually(() => expect(processState(pid)).toBe('T'));
  });

  test('turns what it returns into bytes: a Buffer as it is, an object as JSON, the rest as text', async ({
    expect,
    onTestFinished,
  }) => {
    const { call } = await startHost(onTestFinished);

    expect((await call('echo', { do: 'buffer' })).body).toEqual(Buffer.from([0xff, 0x00, 0x01]));
    expect((await call('echo', { do: 'number' })).body.toString()).toBe('42');
    expect((await call('echo', { do: 'nothing' })).body.toString()).toBe('');
    expect((await call('callback', { x: 1 })).body.toString()).toBe('{"request":{"x":1}}');
    expect((await call('modern')).body.toString()).toBe('from an ES module');
  });

  test('hands over every line of its log, also one without an end', async ({
    expect,
    onTestFinished,
  }) => {
    const { call, logs, fc } = await startHost(onTestFinished);

    await call('echo', { do: 'log' });

    expect(logs.toSorted()).toEqual(['another line', 'no line end', 'one line']);
    expect(fc.state()).toMatchObject({
      functions: { 'fixture-echo': { log: expect.arrayContaining(['one line']) as string[] } },
    });
  });
});

describe('a function that fails', () => {
  test('by throwing answers 200 with the error as its body, and lives on', async ({
    expect,
    onTestFinished,
  }) => {
    const { call } = await startHost(onTestFinished);

    const failed = await call('echo', { do: 'throw' });

    expect(failed).toMatchObject({ status: 200, errorType: 'UnhandledInvocationError' });
    expect(json(failed)).toMatchObject({ errorMessage: 'oops', errorType: 'TypeError' });
    expect((json(failed)['stackTrace'] as string[])[0]).toBe('TypeError: oops');
    expect(json(await call('echo'))).toMatchObject({ calls: 2 });
  });

  test('by its callback is handled, by throwing beside it is not', async ({
    expect,
    onTestFinished,
  }) => {
    const { call } = await startHost(onTestFinished);

    const handled = await call('callback', { do: 'fail' });
    const thrown = await call('callback', { do: 'throw' });

    expect(handled.errorType).toBe('HandledInvocationError');
    expect(json(handled)).toMatchObject({ errorMessage: 'handled', errorType: 'RangeError' });
    expect(thrown.errorType).toBe('UnhandledInvocationError');
  });

  test('by exiting says so in the words of the platform, and the next call has a new instance', async ({
    expect,
    onTestFinished,
  }) => {
    const { call } = await startHost(onTestFinished);

    const failed = await call('echo', { do: 'exit' });

    expect(failed.errorType).toBe('UnhandledInvocationError');
    expect(json(failed)['errorMessage']).toMatch(
      /^Process exited unexpectedly before completing request \(duration: \d+ms, maxMemoryUsage: \d+MB\)$/,
    );
    expect(json(await call('echo'))).toMatchObject({ calls: 1 });
  });

  test('by a rejection that nobody awaits ends, and the next call has a new instance', async ({
    expect,
    onTestFinished,
  }) => {
    const { call } = await startHost(onTestFinished);

    const failed = await call('echo', { do: 'reject-elsewhere' });

    expect(json(failed)).toMatchObject({ errorMessage: 'nobody waits', errorType: 'Error' });
    expect(json(await call('echo'))).toMatchObject({ calls: 1 });
  });

  test('by hanging is killed when its time is up', async ({ expect, onTestFinished }) => {
    const { call, fc } = await startHost(onTestFinished);

    const failed = await call('hasty', { do: 'hang' });

    expect(json(failed)).toEqual({ errorMessage: 'Function timed out after 1 seconds' });
    await eventually(() => expect(instancesOf(fc, 'hasty')).toEqual([]));
  });

  test('by code that does not load says why', async ({ expect, onTestFinished }) => {
    const { call } = await startHost(onTestFinished);

    const failed = await call('broken');

    expect(failed).toMatchObject({ status: 200, errorType: 'UnhandledInvocationError' });
    expect(json(failed)['errorMessage']).toMatch(/^Cannot find module 'not-in-the-bundle'/);
  });

  test('in its initializer answers InitializationError each time, on a new instance', async ({
    expect,
    onTestFinished,
  }) => {
    const { call, fc } = await startHost(onTestFinished, { environment: { INITIALIZER: 'fails' } });

    const first = await call('echo');
    const second = await call('echo');

    expect(first).toMatchObject({ status: 200, errorType: 'InitializationError' });
    expect(json(second)).toMatchObject({ errorMessage: 'no settings' });
    expect(fc.state()).toMatchObject({ functions: { 'fixture-echo': { instancesStarted: 2 } } });
  });
});

describe('the instances of a function', () => {
  test('grow under load up to the limit, and more requests wait', async ({
    expect,
    onTestFinished,
  }) => {
    const { call, fc } = await startHost(onTestFinished, {
      settings: { fc: { maxInstancesPerFunction: 2 } },
    });
    const { url, held, release } = await holdingServer(onTestFinished);

    const holding = [1, 2, 3].map(() => call('echo', { do: 'hold', url }));
    await eventually(() => expect(held).toHaveLength(2));

    expect(instancesOf(fc, 'echo').map(({ status }) => status)).toEqual(['busy', 'busy']);
    expect(fc.isIdle()).toBe(false);
    release();
    await eventually(() => expect(held).toHaveLength(1));
    release();
    const pids = (await Promise.all(holding)).map((result) => json(result)['pid']);
    expect(new Set(pids).size).toBe(2);
    expect(fc.isIdle()).toBe(true);
  });

  test('are taken by the one that worked last', async ({ expect, onTestFinished }) => {
    const { call } = await startHost(onTestFinished);
    const { url, held, release } = await holdingServer(onTestFinished);
    const holding = [call('echo', { do: 'hold', url }), call('echo', { do: 'hold', url })];
    await eventually(() => expect(held).toHaveLength(2));
    release();
    await Promise.all(holding);

    const first = json(await call('echo'))['pid'];

    expect(json(await call('echo'))['pid']).toBe(first);
    expect(json(await call('echo'))['pid']).toBe(first);
  });

  test('can be killed in the middle of a call, which then has failed', async ({
    expect,
    onTestFinished,
  }) => {
    const { call, fc, kernel } = await startHost(onTestFinished);
    const { url, held } = await holdingServer(onTestFinished);
    const holding = call('echo', { do: 'hold', url });
    await eventually(() => expect(held).toHaveLength(1));
    const [instance] = instancesOf(fc, 'echo');

    kernel.killInstance(instance!.instanceId);

    expect(json(await holding)['errorMessage']).toMatch(/^Process exited unexpectedly/);
    expect(json(await call('echo'))).toMatchObject({ calls: 1 });
  });

  test('lose their credentials when they end', async ({ expect, onTestFinished }) => {
    const { call, fc, kernel } = await startHost(onTestFinished);
    const { context } = json(await call('echo')) as {
      context: { credentials: { accessKeyId: string } };
    };

    kernel.killInstance(instancesOf(fc, 'echo')[0]!.instanceId);

    const { accessKeyId } = context.credentials;
    await eventually(() => expect(kernel.account.find(accessKeyId)).toBeUndefined());
  });

  test('are written down while they live, and end after their preStop hook', async ({
    expect,
    onTestFinished,
  }) => {
    const host = await startHost(onTestFinished);
    const { pid } = json(await host.call('echo')) as { pid: number };
    const [runFile] = readdirSync(host.stateFolder).filter((name) => name.startsWith('run-'));
    const read = () => readFileSync(join(host.stateFolder, runFile!), 'utf8');
    expect(JSON.parse(read())).toMatchObject({ main: { pid: process.pid }, children: [{ pid }] });

    await host.fc.stop();

    expect(processState(pid)).toBeUndefined();
    expect(JSON.parse(read())).toMatchObject({ children: [] });
    expect(await host.call('echo')).toMatchObject({ status: 503 });
  });

  test('run preStop when the cloud shuts down in order', async ({ expect, onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'fc-pre-stop-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'ran');
    const host = await startHost(onTestFinished, { environment: { PRE_STOP_FILE: file } });
    await host.call('echo');

    await host.fc.stop();

    expect(readFileSync(file, 'utf8')).toBe('fixture-echo');
  });
});

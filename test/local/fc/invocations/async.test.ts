import { describe, test } from 'vitest';
import { virtualClock } from '../../../../local/cloud/kernel/clock.ts';
import { startHost } from '../host.ts';

/** The function `echo`, run in this process, which may try an asynchronous call once more. */
async function startEcho(
  onTestFinished: (run: () => Promise<void>) => void,
  handler: (event: Buffer, context: { retryCount: number }) => unknown,
) {
  const clock = virtualClock(Date.parse('2026-01-01T00:00:00Z'));
  const host = await startHost(onTestFinished, {
    clock,
    modules: { 'fixture-echo': () => ({ initialize: () => {}, handler }) },
  });
  /** Moves on in small steps, so that what was begun gets on in between. */
  const pass = async (ms: number) => {
    for (let step = 0; step < 10; step++) {
      clock.advance(ms / 10);
      await new Promise(setImmediate);
    }
  };
  return { ...host, clock, pass };
}

describe('an asynchronous invocation', () => {
  test('that fails is tried again as often as configured, then goes to the destination', async ({
    expect,
    onTestFinished,
  }) => {
    const retryCounts: number[] = [];
    const { fc, sent, pass } = await startEcho(onTestFinished, async (_, { retryCount }) => {
      retryCounts.push(retryCount);
      throw new Error('oops');
    });

    const accepted = await fc.invoke('fixture-echo', Buffer.from('event'), 'Async');
    expect(fc.isIdle()).toBe(false);
    await pass(10_000);

    expect(accepted).toMatchObject({ status: 202 });
    expect(retryCounts).toEqual([0, 1]);
    expect(fc.isIdle()).toBe(true);
    expect(sent.map(({ queueName }) => queueName)).toEqual(['fixture-failures']);
    expect(JSON.parse(sent[0]!.body)).toMatchObject({
      requestContext: {
        requestId: accepted.requestId,
        functionArn: 'acs:fc:cn-hangzhou:1000000000000000:functions/fixture-echo',
        condition: 'UnhandledInvocationError',
        approximateInvokeCount: 2,
      },
      requestPayload: 'event',
      responseContext: { statusCode: 200, functionError: 'UnhandledInvocationError' },
      responsePayload: expect.stringContaining('"errorMessage":"oops"') as string,
    });
  });

  test('that succeeds at the second try goes nowhere else', async ({ expect, onTestFinished }) => {
    const { fc, sent, pass } = await startEcho(onTestFinished, async (_, { retryCount }) => {
      if (retryCount === 0) throw new Error('oops');
    });

    await fc.invoke('fixture-echo', Buffer.alloc(0), 'Async');
    await pass(10_000);

    expect(sent).toEqual([]);
    expect(fc.state()).toMatchObject({ async: { accepted: 1, succeeded: 1, retries: 1, open: 0 } });
  });

  test('of an unknown function is 404', async ({ expect, onTestFinished }) => {
    const { fc } = await startEcho(onTestFinished, async () => {});

    const result = await fc.invoke('nobody', Buffer.alloc(0), 'Async');

    expect(result.status).toBe(404);
  });
});

describe('a function run in this process', () => {
  test('whose time is up by the virtual clock has failed, and gets a new instance', async ({
    expect,
    onTestFinished,
  }) => {
    let hang = true;
    const { call, clock, fc } = await startEcho(onTestFinished, async () => {
      if (hang) await new Promise(() => {});
    });
    const hanging = call('echo');
    await new Promise(setImmediate);
    clock.advance(59_999);
    await new Promise(setImmediate);
    expect(fc.isIdle()).toBe(false);

    clock.advance(1);
    hang = false;

    expect((await hanging).body.toString()).toBe(
      '{"errorMessage":"Function timed out after 60 seconds"}',
    );
    expect(await call('echo')).toMatchObject({ status: 200 });
    expect(fc.state()).toMatchObject({ functions: { 'fixture-echo': { instancesStarted: 2 } } });
  });

  test('can be killed like a process, and its credentials with it', async ({
    expect,
    onTestFinished,
  }) => {
    const ids: string[] = [];
    const host = await startEcho(onTestFinished, (async (_: Buffer, context: unknown) => {
      const { credentials } = context as { credentials: { accessKeyId: string } };
      const { accessKeyId } = credentials;
      ids.push(accessKeyId);
      host.kernel.killInstance(host.kernel.account.find(accessKeyId)!.functionInstance!.instanceId);
    }) as never);

    const result = await host.call('echo');

    expect(result.body.toString()).toContain('Process exited unexpectedly');
    expect(host.kernel.account.find(ids[0]!)).toBeUndefined();
  });

  test('that has no module fails, and says so', async ({ expect, onTestFinished }) => {
    const { call } = await startEcho(onTestFinished, async () => {});

    const result = await call('web');

    expect(result.errorType).toBe('UnhandledInvocationError');
    expect(result.body.toString()).toContain('no module is given for it');
  });
});

test('a timer trigger invokes its function at every time of its schedule', async ({
  expect,
  onTestFinished,
}) => {
  const events: unknown[] = [];
  const { pass } = await startEcho(onTestFinished, async (event) => {
    events.push(JSON.parse(event.toString()));
  });

  await pass(9 * 60_000);
  expect(events).toEqual([]);
  await pass(2 * 60_000);
  await pass(10 * 60_000);

  expect(events).toEqual([
    { triggerTime: '2026-01-01T00:10:00Z', triggerName: 'sweep', payload: '{"do":"number"}' },
    { triggerTime: '2026-01-01T00:20:00Z', triggerName: 'sweep', payload: '{"do":"number"}' },
  ]);
});

test('rules and queue streams are handed to EventBridge', async ({ expect, onTestFinished }) => {
  const { rules, streams } = await startEcho(onTestFinished, async () => {});

  expect(rules).toEqual([
    {
      name: 'launched',
      functionName: 'fixture-echo',
      pattern: { source: ['acs.ecs'] },
      asyncInvocation: false,
      eventSchema: 'CloudEvents',
      retry: 'BACKOFF_RETRY',
      errorsTolerance: 'ALL',
    },
  ]);
  expect(streams).toEqual([
    {
      name: 'queue',
      functionName: 'fixture-echo',
      pattern: {},
      asyncInvocation: false,
      eventSchema: 'CloudEvents',
      retry: 'BACKOFF_RETRY',
      errorsTolerance: 'ALL',
      deadLetterQueue: 'fixture-dead',
      queueName: 'fixture-results',
      base64Decode: true,
      mode: 'event-streaming',
      batch: { count: 10, windowMs: 3_000 },
    },
  ]);
});

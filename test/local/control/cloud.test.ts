import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { type Cloud, type CloudOptions, createCloud } from '../../../local/cloud/index.ts';
import { virtualClock } from '../../../local/cloud/kernel/clock.ts';
import { eventually } from '../fc/eventually.ts';
import { FIXTURES } from '../fc/host.ts';

type Finish = (run: () => Promise<void>) => void;

const NOTHING = () => ({ handler: async () => ({ statusCode: 200, body: 'hello' }) });

async function startCloud(
  onTestFinished: Finish,
  options: Partial<CloudOptions> = {},
): Promise<Cloud> {
  const cloud = await createCloud({
    sYamlPath: join(FIXTURES, 's.yaml'),
    functions: {
      kind: 'in-process',
      modules: { 'fixture-web': NOTHING },
      clock: virtualClock(Date.parse('2026-01-01T00:00:00Z')),
    },
    ...options,
  });
  onTestFinished(() => cloud.stop());
  return cloud;
}

async function ask(cloud: Cloud, method: string, path: string, body?: unknown) {
  const reply = await fetch(`${cloud.endpoints.control}${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

describe('the local cloud', () => {
  test('has every service on a port of its own, and http triggers by resource', async ({
    expect,
    onTestFinished,
  }) => {
    const { endpoints } = await startCloud(onTestFinished);

    const { http, ...services } = endpoints;
    expect(Object.keys(http)).toEqual(['web', 'signed']);
    expect(Object.keys(services).toSorted()).toEqual(
      ['ecs', 'smq', 'tablestore', 'fc', 'eventbridge', 'control'].toSorted(),
    );
    const reply = await fetch(`${http['web']}/x`);
    expect(await reply.text()).toBe('hello');
    expect(reply.headers.get('content-disposition')).toBe('attachment');
  });

  test('refuses a body above 32 MB as the platform words it', async ({
    expect,
    onTestFinished,
  }) => {
    const { endpoints } = await startCloud(onTestFinished);
    const body = Buffer.alloc(40 * 1024 * 1024);

    const reply = await fetch(endpoints.http['web']!, { method: 'POST', body });

    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({
      Code: 'InvalidArgument',
      Message: 'the body is larger than 33554432 bytes',
    });
  });

  test('makes the queues that s.yaml names', async ({ expect, onTestFinished }) => {
    const { smq } = await startCloud(onTestFinished);

    expect(['fixture-results', 'fixture-dead', 'fixture-failures'].map(smq.hasQueue)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('gives functions its endpoints on top of their own environment', async ({
    expect,
    onTestFinished,
  }) => {
    const seen: Record<string, string>[] = [];
    const cloud = await startCloud(onTestFinished, {
      environment: (endpoints, { resource }) => ({
        ECS_ENDPOINT: endpoints.ecs,
        RESOURCE: resource,
      }),
      functions: {
        kind: 'in-process',
        modules: {
          'fixture-web': (environment) => {
            seen.push({ ...environment });
            return NOTHING();
          },
        },
      },
    });

    await fetch(cloud.endpoints.http['web']!);

    expect(seen).toMatchObject([{ ECS_ENDPOINT: cloud.endpoints.ecs, RESOURCE: 'web' }]);
  });

  test('says which port is taken, and leaves nothing open', async ({ expect, onTestFinished }) => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(async () => void server.close());
    const { port } = server.address() as AddressInfo;

    // Its port of ECS is the one after the base.
    const starting = startCloud(onTestFinished, { portBase: port - 1 });

    await expect(starting).rejects.toThrow(`Cannot use port ${port} for ecs: it is taken`);
    await expect(fetch(`http://127.0.0.1:${port - 1}/`)).rejects.toThrow();
  });

  test('ends its processes and forgets them when it stops', async ({ expect, onTestFinished }) => {
    const stateFolder = mkdtempSync(join(tmpdir(), 'cloud-'));
    onTestFinished(async () => rmSync(stateFolder, { recursive: true }));
    const cloud = await startCloud(onTestFinished, {
      functions: { kind: 'processes', stateFolder },
    });
    const reply = await fetch(`${cloud.endpoints.http['web']}/x`);
    expect(reply.status).toBe(200);
    expect(readdirSync(stateFolder).filter((name) => name.startsWith('run-'))).toHaveLength(1);

    await cloud.stop();

    expect(readdirSync(stateFolder).filter((name) => name.startsWith('run-'))).toEqual([]);
  });

  test('lets a message in a queue reach its function', async ({ expect, onTestFinished }) => {
    const events: unknown[] = [];
    const clock = virtualClock(Date.parse('2026-01-01T00:00:00Z'));
    const cloud = await startCloud(onTestFinished, {
      functions: {
        kind: 'in-process',
        clock,
        modules: {
          'fixture-echo': () => ({
            initialize: async () => {},
            handler: async (event: Buffer) => void events.push(JSON.parse(event.toString())),
          }),
        },
      },
    });

    cloud.smq.send('fixture-results', Buffer.from('{"a":1}').toString('base64'));
    await eventually(() => {
      clock.advance(1_000);
      expect(events).toHaveLength(1);
    });

    expect(events[0]).toMatchObject([{ source: 'MNS-fixture-echo-queue' }]);
    await eventually(() => expect(cloud.isIdle()).toBe(true));
  });
});

describe('the control port', () => {
  test('shows all state and counts the calls', async ({ expect, onTestFinished }) => {
    const cloud = await startCloud(onTestFinished);
    await fetch(`${cloud.endpoints.ecs}/?Action=DescribeRegions`);

    const { status, body } = await ask(cloud, 'GET', '/state');

    expect(status).toBe(200);
    expect(body).toMatchObject({
      settings: { regionId: 'cn-hangzhou' },
      ecs: { instances: {}, keyPairs: {} },
      fc: { functions: { 'fixture-web': { resource: 'web', instances: [] } } },
      calls: { ecs: { DescribeRegions: 1 } },
      faults: [],
    });
    expect(Object.keys(body)).toEqual(
      expect.arrayContaining(['smq', 'tablestore', 'eventbridge', 'nowMs', 'endpoints']),
    );
  });

  test('replaces the faults, from an array or an object, and clears them', async ({
    expect,
    onTestFinished,
  }) => {
    const cloud = await startCloud(onTestFinished);
    const fault = { service: 'ecs', action: 'AttachKeyPair', kind: 'reset' };

    const first = await ask(cloud, 'PUT', '/faults', [fault]);
    const second = await ask(cloud, 'PUT', '/faults', { faults: [fault, fault] });
    const refused = await ask(cloud, 'PUT', '/faults', [{ ...fault, action: 'Attach' }]);
    const kept = await ask(cloud, 'GET', '/faults');
    const cleared = await ask(cloud, 'PUT', '/faults', []);

    expect(first.body).toEqual([{ ...fault, seen: 0, struck: 0 }]);
    expect(second.body).toHaveLength(2);
    expect(refused).toEqual({
      status: 400,
      body: { status: 400, detail: 'Cannot set fault 0: unknown action "Attach" of "ecs"' },
    });
    expect(kept.body).toHaveLength(2);
    expect(cleared.body).toEqual([]);
  });

  test('seeds a fleet, or says what is wrong with it', async ({ expect, onTestFinished }) => {
    const cloud = await startCloud(onTestFinished);

    const seeded = await ask(cloud, 'POST', '/seed', { instances: [{ count: 2, name: 'web' }] });
    const refused = await ask(cloud, 'POST', '/seed', { instances: [{ status: 'Running!' }] });

    expect(seeded.status).toBe(200);
    expect(seeded.body['instanceIds']).toHaveLength(2);
    expect(refused.status).toBe(400);
    expect(refused.body['detail']).toContain('Running!');
  });

  test('launches as a person at the console, or as anybody else', async ({
    expect,
    onTestFinished,
  }) => {
    const cloud = await startCloud(onTestFinished);
    const told: unknown[] = [];
    cloud.kernel.onPublish(({ type, data }) => told.push({ type, data }));
    const parameters = { ImageId: 'aliyun_3.vhd', InstanceType: 'ecs.g7.large', Amount: 2 };
    const by = { kind: 'assumed-role', roleName: 'deployer', sessionName: 'ci' };

    const launched = await ask(cloud, 'POST', '/launch', { parameters });
    await ask(cloud, 'POST', '/launch', { by, parameters });
    const refused = await ask(cloud, 'POST', '/launch', { parameters: { Amount: 1 } });

    expect(launched.status).toBe(200);
    expect(launched.body['instanceIds']).toHaveLength(2);
    expect(told).toMatchObject([
      { type: 'ecs:Instance:StateChange' },
      { type: 'ecs:Instance:StateChange' },
      { type: 'ecs:ActionTrail:ConsoleOperation' },
      { type: 'ecs:Instance:StateChange' },
      { type: 'ecs:Instance:StateChange' },
      { type: 'ecs:ActionTrail:ApiCall', data: { userIdentity: { userName: 'deployer:ci' } } },
      { type: 'ecs:ActionTrail:ConsoleOperation', data: { errorCode: 'MissingParameter' } },
    ]);
    expect(refused.status).toBe(400);
    expect(refused.body['detail']).toContain('ImageId');
  });

  test.for([
    [[], 'not an object'],
    [{ parameters: {}, who: 'me' }, 'unknown field "who"'],
    [{ parameters: {}, action: 'StartInstances' }, '"action" must be one of'],
    [{ parameters: { Tag: [] } }, '"parameters.Tag" must be'],
    [{ by: { kind: 'console', userName: 'lin' } }, '"parameters" must be an object'],
    [{ by: { kind: 'toString' }, parameters: {} }, '"by.kind" must be one of'],
    [{ by: { kind: 'console' }, parameters: {} }, '"by.userName" must be a text'],
    [{ by: { kind: 'root', userName: 'x' }, parameters: {} }, 'unknown field "by.userName"'],
  ] as const)('launches nothing by %j', async ([body, why], { expect, onTestFinished }) => {
    const cloud = await startCloud(onTestFinished);

    const reply = await ask(cloud, 'POST', '/launch', body);

    expect(reply.status).toBe(400);
    expect(reply.body['detail']).toContain(why);
    expect(cloud.ecs.state().instances).toEqual({});
  });

  test('moves virtual time', async ({ expect, onTestFinished }) => {
    const cloud = await startCloud(onTestFinished);

    const moved = await ask(cloud, 'POST', '/clock', { advanceMs: 60_000 });
    const refused = await ask(cloud, 'POST', '/clock', { advanceMs: -1 });

    expect(moved).toEqual({ status: 200, body: { nowMs: Date.parse('2026-01-01T00:01:00Z') } });
    expect(refused.status).toBe(400);
  });

  test('cannot move real time', async ({ expect, onTestFinished }) => {
    const cloud = await startCloud(onTestFinished, {
      functions: { kind: 'in-process', modules: {} },
    });

    const { status } = await ask(cloud, 'POST', '/clock', { advanceMs: 1 });

    expect(status).toBe(409);
  });

  test.for([
    ['GET', '/nowhere', undefined, 404],
    ['DELETE', '/state', undefined, 405],
    ['POST', '/faults', [], 405],
    ['PUT', '/faults', '{', 400],
    ['PUT', '/faults', { fault: 1 }, 400],
    ['POST', '/seed', 'no', 400],
    ['POST', '/launch', '', 400],
    ['POST', '/clock', '', 400],
  ] as const)('answers %s %s %j with %i', async ([method, path, body, status], context) => {
    const { expect, onTestFinished } = context;
    const cloud = await startCloud(onTestFinished);

    const reply = await ask(cloud, method, path, body);

    expect(reply).toMatchObject({ status, body: { status } });
  });
});

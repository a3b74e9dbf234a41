import { test } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import { translate } from '../../../../shared/outbound/ecs/errors.ts';
import type { Selector } from '../../../../shared/domain/model/selector.ts';
import { aSelector } from '../../../models/builders.ts';
import { anEcs, aServer, NOW_MS, sends } from './a-server.ts';

const IDS = ['i-a', 'i-b', 'i-c'];

const attachAnswer = (result: unknown[], change: Record<string, unknown> = {}) =>
  sends(200, { RequestId: 'R-1', KeyPairName: 'ops', Results: { Result: result }, ...change });
const restartAnswer = (response: unknown[]) =>
  sends(200, { RequestId: 'R-1', InstanceResponses: { InstanceResponse: response } });

async function errorOf(promise: Promise<unknown>): Promise<LatchkeyError> {
  const error = await promise.then(
    () => new Error('was accepted'),
    (reason: unknown) => reason,
  );
  if (error instanceof LatchkeyError) return error;
  throw error;
}

test.for<[string, unknown, unknown]>([
  ['texts', '200', 'true'],
  ['numbers and booleans', 200, true],
  ['no Success', '200', undefined],
  ['no Code', undefined, 'true'],
])('success is understood from %s', async ([, Code, Success], { expect }) => {
  const { url } = await aServer(
    attachAnswer([{ InstanceId: 'i-a', Code, Success, Message: 'successful' }]),
  );
  expect(await anEcs(url).attachKeyPair('ops', ['i-a'])).toEqual({
    requestId: 'R-1',
    outcomes: [{ instanceId: 'i-a', kind: 'done' }],
  });
});

test('each instance has its own outcome, in the order asked', async ({ expect }) => {
  const code = 'DependencyViolation.WindowsInstance';
  const { url } = await aServer(
    attachAnswer([
      { InstanceId: 'i-c', Code: code, Success: 'false', Message: 'is windows' },
      { InstanceId: 'i-a', Code: '200', Success: 'true', Message: 'successful' },
    ]),
  );
  const { outcomes } = await anEcs(url).attachKeyPair('ops', IDS);
  expect(outcomes).toEqual([
    { instanceId: 'i-a', kind: 'done' },
    { instanceId: 'i-b', kind: 'unknown', code: 'NoAnswerForInstance' },
    { instanceId: 'i-c', kind: 'failed', code, message: 'is windows' },
  ]);
});

test('counts and foreign ids are ignored, and of duplicates the first counts', async ({
  expect,
}) => {
  const { url } = await aServer(
    attachAnswer(
      [
        { InstanceId: 'i-z', Code: 200, Success: true },
        { InstanceId: 'i-a', Code: 200, Success: true },
        { InstanceId: 'i-a', Code: 403, Success: false },
        { Code: 200, Success: true },
        'odd',
        { InstanceId: 'i-b', Code: 200, Success: false, Message: 'both' },
        { InstanceId: 'i-c', Message: 'neither' },
      ],
      { TotalCount: 3, FailCount: 0 },
    ),
  );
  const { outcomes } = await anEcs(url).attachKeyPair('ops', IDS);
  expect(outcomes).toEqual([
    { instanceId: 'i-a', kind: 'done' },
    { instanceId: 'i-b', kind: 'unknown', code: 'AnswerContradictsItself' },
    { instanceId: 'i-c', kind: 'unknown', code: 'NoAnswerForInstance' },
  ]);
});

test('a restart is understood for each instance', async ({ expect }) => {
  const { url } = await aServer(
    restartAnswer([
      { InstanceId: 'i-a', Code: 200, Message: 'success', CurrentStatus: 'Stopping' },
      { InstanceId: 'i-b', Code: 'IncorrectInstanceStatus', Message: 'not now' },
    ]),
  );
  for (const call of ['rebootInstances', 'startInstances'] as const) {
    expect((await anEcs(url)[call](IDS)).outcomes).toEqual([
      { instanceId: 'i-a', kind: 'done' },
      { instanceId: 'i-b', kind: 'failed', code: 'IncorrectInstanceStatus', message: 'not now' },
      { instanceId: 'i-c', kind: 'unknown', code: 'NoAnswerForInstance' },
    ]);
  }
});

const INSTANCE = {
  InstanceId: 'i-a',
  InstanceName: 'web-1',
  Status: 'Running',
  ZoneId: 'cn-hangzhou-h',
  VpcAttributes: { VpcId: 'vpc-1', VSwitchId: 'vsw-1' },
  ResourceGroupId: 'rg-1',
  OSType: 'linux',
  IoOptimized: true,
  KeyPairName: '',
  OperationLocks: { LockReason: [{ LockReason: 'security', LockMsg: '' }] },
  Tags: { Tag: [{ TagKey: 'team', TagValue: 'web' }] },
};

test('an instance is described in our words', async ({ expect }) => {
  const windows = { ...INSTANCE, InstanceId: 'i-w', OSType: 'windows', IoOptimized: 'false' };
  const bare = {
    InstanceId: 'i-b',
    Status: 'Stopped',
    ZoneId: 'z',
    OSType: 'linux',
    IoOptimized: 'true',
    KeyPairName: 'ops',
  };
  const { url } = await aServer(
    sends(200, {
      RequestId: 'R',
      TotalCount: 0,
      Instances: { Instance: [INSTANCE, windows, bare] },
    }),
  );
  const snapshots = await anEcs(url).describeInstances(['i-a', 'i-w', 'i-b']);
  expect(snapshots).toMatchObject([
    {
      instanceId: 'i-a',
      name: 'web-1',
      status: 'Running',
      zoneId: 'cn-hangzhou-h',
      vpcId: 'vpc-1',
      resourceGroupId: 'rg-1',
      osType: 'linux',
      ioOptimized: true,
      keyPairName: null,
      locks: ['security'],
      tags: { team: 'web' },
    },
    { instanceId: 'i-w', osType: 'windows', ioOptimized: false },
    {
      instanceId: 'i-b',
      name: '',
      vpcId: '',
      resourceGroupId: '',
      keyPairName: 'ops',
      locks: [],
      tags: {},
      ioOptimized: true,
    },
  ]);
});

test.for(['Instances', 'one status'])(
  'a description that lacks or spoils %s is no proof that an instance is gone',
  async (what, { expect }) => {
    const spoilt = { RequestId: 'R', Instances: { Instance: [{ ...INSTANCE, Status: 'Odd' }] } };
    const { url } = await aServer(sends(200, what === 'Instances' ? { RequestId: 'R' } : spoilt));
    expect(await errorOf(anEcs(url).describeInstances(['i-a']))).toMatchObject({
      code: 'unavailable',
    });
  },
);

test('no ids are no call', async ({ expect }) => {
  const { url, seen } = await aServer(sends(500, ''));
  expect(await anEcs(url).describeInstances([])).toEqual([]);
  expect(seen).toEqual([]);
});

test('a key pair is found by exactly its name', async ({ expect }) => {
  const keyPairs = ['ops-2', 'ops', 'OPS'].map((KeyPairName) => ({
    KeyPairName,
    KeyPairFingerPrint: `of ${KeyPairName}`,
  }));
  const { url } = await aServer(sends(200, { RequestId: 'R', KeyPairs: { KeyPair: keyPairs } }));
  expect(await anEcs(url).findKeyPair('ops')).toEqual({ name: 'ops', fingerprint: 'of ops' });
  expect(await anEcs(url).findKeyPair('ops*')).toBeUndefined();
});

const vendorError = (Code: string, Message = 'The vendor says so.') => ({
  RequestId: 'R-9',
  HostId: 'ecs.aliyuncs.com',
  Code,
  Message,
  Recommend: '',
});

test.for<[number, string, string, string]>([
  [400, 'InvalidKeyPairName.NotFound', 'refused', 'nothing-done'],
  [403, 'InstanceKeyPairLimitExceeded', 'refused', 'nothing-done'],
  [403, 'Forbidden.RAM', 'refused', 'nothing-done'],
  [403, 'IncorrectInstanceStatus', 'refused', 'nothing-done'],
  [409, 'InvalidOperation.Conflict', 'refused', 'nothing-done'],
  [400, 'SignatureNonceUsed', 'unavailable', 'maybe-done'],
  [500, 'InternalError', 'unavailable', 'maybe-done'],
  [503, 'ServiceUnavailable', 'unavailable', 'maybe-done'],
  [403, 'ServiceUnavailable', 'unavailable', 'maybe-done'],
  [400, 'Throttling', 'throttled', 'nothing-done'],
  [503, 'Throttling.User', 'throttled', 'nothing-done'],
  [429, 'Rejected.Throttling', 'throttled', 'nothing-done'],
])('%i %s is %s: %s', async ([status, vendorCode, code, certainty], { expect }) => {
  const { url, seen } = await aServer(sends(status, vendorError(vendorCode)));
  const error = await errorOf(anEcs(url).rebootInstances(IDS));
  expect(error).toMatchObject({ code, details: { vendorCode, requestId: 'R-9' } });
  expect(error.traits.certainty).toBe(certainty);
  expect(error.message).toBe(`Cannot RebootInstances: ${vendorCode}: The vendor says so.`);
  expect(seen).toHaveLength(1);
});

test('throttling lasts until the next full minute, or as long as the cloud says', async ({
  expect,
}) => {
  const throttling = vendorError('Throttling.User');
  const minute = await aServer(sends(400, throttling));
  const error = await errorOf(anEcs(minute.url).attachKeyPair('ops', IDS));
  expect(error.details.retryAtMs).toBe(Date.UTC(2026, 10, 24, 12, 1, 0));
  const told = await aServer(sends(400, throttling, { 'x-acs-retry-after': '1500' }));
  const { details } = await errorOf(anEcs(told.url).attachKeyPair('ops', IDS));
  expect(details.retryAtMs).toBe(NOW_MS + 1_500);
});

test.for<[string, ReturnType<typeof sends>]>([
  ['{}', sends(200, '{}')],
  ['null', sends(200, 'null')],
  ['nothing', sends(200, '')],
  ['cut JSON', sends(200, '{"RequestId":"R-1","Resu')],
  ['HTML', sends(200, '<html></html>', { 'content-type': 'text/html' })],
  ['Results as a list', sends(200, { RequestId: 'R-1', Results: [] })],
  ['a redirect', sends(302, '{}', { location: 'http://127.0.0.1:1/' })],
  ['202', sends(202, { RequestId: 'R-1', Results: { Result: [] } })],
  ['502 with HTML', sends(502, '<html>Bad Gateway</html>', { 'content-type': 'text/html' })],
  ['502 with nothing', sends(502, '')],
  ['403 of a proxy', sends(403, '{"error":"blocked"}')],
  ['400 with null', sends(400, 'null')],
  ['a reset', (response) => void response.socket?.resetAndDestroy()],
  [
    'a body cut off',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '999' });
      response.write('{"RequestId"', () => response.socket?.destroy());
    },
  ],
])('after %s nobody knows what was done', async ([, answer], { expect }) => {
  const { url, seen } = await aServer(answer);
  const error = await errorOf(anEcs(url).attachKeyPair('ops', IDS));
  expect(error.code).toBe('unavailable');
  expect(error.traits.certainty).toBe('maybe-done');
  expect(error.message).toMatch(/^Cannot AttachKeyPair: the (answer cannot|connection broke)/);
  expect(seen).toHaveLength(1);
});

test.for(['silence', 'silence in the middle of the answer'])(
  'after %s the call ends, and nobody knows what was done',
  async (kind, { expect }) => {
    const { url, seen } = await aServer((response) => {
      if (kind !== 'silence') response.writeHead(200).write('{"Req');
    });
    const error = await errorOf(anEcs(url, { timeoutMs: 1_000 }).rebootInstances(IDS));
    expect(error.traits.certainty).toBe('maybe-done');
    if (kind === 'silence') expect(error.code).toBe('timeout');
    expect(seen).toHaveLength(1);
  },
);

test('without a connection nothing was done', async ({ expect }) => {
  // Port 1 is reserved, and nobody listens there.
  const error = await errorOf(anEcs('http://127.0.0.1:1').rebootInstances(IDS));
  expect(error).toMatchObject({ code: 'unreachable', details: { vendorCode: 'ECONNREFUSED' } });
  expect(error.traits.certainty).toBe('nothing-done');
});

test.for<[string, unknown, string]>([
  ['ENOTFOUND', Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), 'unreachable'],
  ['ETIMEDOUT', Object.assign(new Error('connect'), { code: 'ETIMEDOUT' }), 'unavailable'],
  ['EAI_AGAIN', Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN' }), 'unavailable'],
  ['an answer of a type that the SDK does not expect', new TypeError('x'), 'unavailable'],
  ['what is no error', 'x', 'unavailable'],
  ['nothing', undefined, 'unavailable'],
])('%s is translated', ([, cause, code], { expect }) => {
  const error = translate('AttachKeyPair', cause, NOW_MS);
  expect([error.code, error.cause]).toEqual([code, cause]);
});

test('a describing call is repeated once after a reset, and a changing call is not', async ({
  expect,
}) => {
  const { url, seen } = await aServer((response, request, nth) => {
    if (nth === 1) response.socket?.resetAndDestroy();
    else
      sends(200, { RequestId: 'R', Instances: { Instance: [INSTANCE] } })(response, request, nth);
  });
  expect(await anEcs(url).describeInstances(['i-a'])).toHaveLength(1);
  expect(seen).toHaveLength(2);
});

test('a describing call is not repeated twice, and not after another failure', async ({
  expect,
}) => {
  const resets = await aServer((response) => void response.socket?.resetAndDestroy());
  expect(await errorOf(anEcs(resets.url).findKeyPair('ops'))).toMatchObject({
    code: 'unavailable',
  });
  expect(resets.seen).toHaveLength(2);
  const broken = await aServer(sends(502, 'x'));
  await errorOf(anEcs(broken.url).describeInstances(['i-a']));
  expect(broken.seen).toHaveLength(1);
});

test('without credentials nothing is sent, and the error says so', async ({ expect }) => {
  const { url, seen } = await aServer(sends(200, '{}'));
  const none = new LatchkeyError('unreachable', 'Cannot find credentials: none');
  const ecs = anEcs(url, { credentials: () => Promise.reject(none) });
  expect(await errorOf(ecs.rebootInstances(IDS))).toBe(none);
  expect(seen).toEqual([]);
});

test('credentials are asked for before each call, so they may change', async ({ expect }) => {
  const { url, seen } = await aServer(sends(200, '{}'));
  let token = 0;
  const ecs = anEcs(url, {
    credentials: () => {
      token += 1;
      return Promise.resolve({
        accessKeyId: 'a',
        accessKeySecret: 's',
        ...(token === 3 ? {} : { securityToken: `token-${token}` }),
      });
    },
  });
  for (let i = 0; i < 3; i++) await errorOf(ecs.startInstances(IDS));
  expect(seen.map(({ headers }) => headers['x-acs-security-token'])).toEqual([
    'token-1',
    'token-2',
    undefined,
  ]);
});

test('a page token that repeats makes the answer unreadable', async ({ expect }) => {
  const { url, seen } = await aServer(
    sends(200, { RequestId: 'R-1', Instances: { Instance: [] }, NextToken: 'again' }),
  );
  expect((await errorOf(anEcs(url).describeGroup('team', ['web']))).code).toBe('unavailable');
  expect(seen.map(({ parameters }) => parameters['NextToken'])).toEqual([undefined, 'again']);
});

test.for(['the same page', 'one page after another in a circle'])(
  'a selector does not follow %s for ever',
  async (kind, { expect }) => {
    const circle = kind === 'the same page' ? ['one'] : ['one', 'two', 'three'];
    const { url, seen } = await aServer((response, request, nth) => {
      const NextToken = circle[(nth - 1) % circle.length];
      sends(200, { RequestId: 'R', Instances: { Instance: [] }, NextToken })(
        response,
        request,
        nth,
      );
    });
    const error = await errorOf(anEcs(url).selectInstances(aSelector({ zoneId: 'z' }), 1_000));
    expect(error.code).toBe('unavailable');
    expect(seen).toHaveLength(circle.length + 1);
  },
);

test('a selector reads no more than 100 pages, and says that there may be more', async ({
  expect,
}) => {
  const { url, seen } = await aServer((response, request, nth) => {
    const answer = { RequestId: 'R', Instances: { Instance: [] }, NextToken: `page ${nth}` };
    sends(200, answer)(response, request, nth);
  });
  const selection = await anEcs(url).selectInstances(aSelector({ zoneId: 'z' }), 1_000);
  expect(selection).toEqual({ snapshots: [], more: true });
  expect(seen).toHaveLength(101);
});

test.for<Partial<Selector>>([
  { tags: { team: 'db' } },
  { keyPairName: 'ops' },
  { zoneId: 'cn-hangzhou-i' },
  { vpcId: 'vpc-2' },
  { resourceGroupId: 'rg-2' },
  { namePrefix: 'db' },
])('a filter that ECS ignores, %o, selects nothing else', async (selector, { expect }) => {
  const { url } = await aServer(
    sends(200, { RequestId: 'R', Instances: { Instance: [INSTANCE] } }),
  );
  expect(await anEcs(url).selectInstances(aSelector(selector), 1_000)).toEqual({
    snapshots: [],
    more: false,
  });
});

test('when an instance is on two pages, the later one counts', async ({ expect }) => {
  const pages = [
    [INSTANCE, { ...INSTANCE, InstanceId: 'i-b' }],
    [
      { ...INSTANCE, Status: 'Stopped' },
      { ...INSTANCE, InstanceId: 'i-b', InstanceName: 'db' },
    ],
  ];
  const { url } = await aServer((response, request, nth) => {
    const more = nth === 1 ? { NextToken: 'next' } : {};
    const answer = { RequestId: 'R', Instances: { Instance: pages[nth - 1] }, ...more };
    sends(200, answer)(response, request, nth);
  });
  const { snapshots } = await anEcs(url).selectInstances(aSelector({ namePrefix: 'web' }), 1_000);
  expect(snapshots).toMatchObject([{ instanceId: 'i-a', status: 'Stopped' }]);
});

test('a token that ECS repeats goes no further, neither for an instance nor for the call', async ({
  expect,
}) => {
  const said = 'canonical request is: [POST x-acs-security-token:CAIStoken/token+token=]';
  const code = 'SignatureDoesNotMatch';
  const [one, whole] = await Promise.all([
    aServer(attachAnswer([{ InstanceId: 'i-a', Code: code, Success: 'false', Message: said }])),
    aServer(sends(400, { Code: code, Message: said, RequestId: 'r-1' })),
  ]);

  const { outcomes } = await anEcs(one.url).attachKeyPair('ops', ['i-a']);
  const refusal = anEcs(whole.url).attachKeyPair('ops', ['i-a']);

  const message = 'canonical request is: [POST x-acs-security-token: [redacted]';
  expect(outcomes).toEqual([{ instanceId: 'i-a', kind: 'failed', code, message }]);
  await expect(refusal).rejects.toThrow(`Cannot AttachKeyPair: ${code}: ${message}`);
});

test('a rehearsal that succeeds logs no warning', async ({ expect }) => {
  const levels = async (code: string) => {
    const seen: string[] = [];
    const { url } = await aServer(sends(400, { RequestId: 'r', Code: code, Message: 'm' }));
    const ecs = anEcs(url, { log: (level) => seen.push(level) });
    await ecs.rehearse('reboot').catch(() => undefined);
    return seen;
  };
  expect(await levels('DRYRUN.SUCCESS')).toEqual(['debug']);
  expect(await levels('InvalidInstanceIds.NotFound')).toEqual(['debug']);
  expect(await levels('Forbidden.RAM')).toEqual(['warn']);
});

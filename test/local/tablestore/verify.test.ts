import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, test } from 'vitest';
import { startCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.close());
const EMPTY = Buffer.alloc(0);

test('a well-signed request is answered with the headers of the real service', async ({
  expect,
}) => {
  const { status, headers, body } = await cloud.post('/ListTable', EMPTY);
  expect(status).toBe(200);
  expect(headers.get('x-ots-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('x-ots-contenttype')).toBe('protocol buffer');
  const md5 = createHash('md5').update(body).digest('base64');
  expect(headers.get('x-ots-contentmd5')).toBe(md5);
  const ots = [...headers].filter(([name]) => name.startsWith('x-ots-'));
  const lines = ots.map(([name, value]) => `${name}:${value}`).toSorted();
  const text = `${lines.join('\n')}\n/ListTable`;
  const { accessKeyId, accessKeySecret } = cloud.kernel.settings;
  const signature = createHmac('sha1', accessKeySecret).update(text).digest('base64');
  expect(headers.get('authorization')).toBe(`OTS ${accessKeyId}:${signature}`);
});

test('a wrong secret, and a signature of any length, is refused', async ({ expect }) => {
  const wrong = await cloud.post('/ListTable', EMPTY, { secret: 'wrong' });
  expect([wrong.status, wrong.error()]).toEqual([403, 'OTSAuthFailed: Signature mismatch.']);
  expect(wrong.headers.get('authorization')).toBeNull();
  const short = await cloud.post('/ListTable', EMPTY, { headers: { 'x-ots-signature': 'x' } });
  expect(short.error()).toBe('OTSAuthFailed: Signature mismatch.');
});

test('an unknown access key is refused', async ({ expect }) => {
  const answer = await cloud.post('/ListTable', EMPTY, {
    headers: { 'x-ots-accesskeyid': 'nobody' },
  });
  expect([answer.status, answer.error()]).toEqual([
    403,
    'OTSAuthFailed: The AccessKeyID does not exist.',
  ]);
});

test('a body that is not the one that was summed is refused', async ({ expect }) => {
  const answer = await cloud.post('/ListTable', EMPTY, {
    headers: { 'x-ots-contentmd5': createHash('md5').update('other').digest('base64') },
  });
  expect([answer.status, answer.error()]).toEqual([
    403,
    'OTSAuthFailed: Mismatch between MD5 value of request body and x-ots-contentmd5 in header.',
  ]);
});

test('a date more than 15 minutes away is refused, one of 14 minutes is not', async ({
  expect,
}) => {
  const at = async (minutes: number) => {
    const date = new Date(Date.now() + minutes * 60_000).toISOString();
    return cloud.post('/ListTable', EMPTY, { headers: { 'x-ots-date': date } });
  };
  for (const minutes of [-16, 16]) {
    const answer = await at(minutes);
    expect(answer.status).toBe(403);
    expect(answer.error()).toContain('OTSAuthFailed: Mismatch between system time and x-ots-date');
  }
  expect((await at(-14)).status).toBe(200);
  expect((await at(14)).status).toBe(200);
});

test('a date of another form is refused', async ({ expect }) => {
  for (const date of [new Date().toUTCString(), 'yesterday', '2026-13-01T00:00:00Z']) {
    const answer = await cloud.post('/ListTable', EMPTY, { headers: { 'x-ots-date': date } });
    expect([answer.status, answer.error()]).toEqual([
      400,
      `OTSParameterInvalid: Invalid date format: ${date}.`,
    ]);
  }
});

test('every required header is missed by its name', async ({ expect }) => {
  for (const name of [
    'x-ots-date',
    'x-ots-apiversion',
    'x-ots-accesskeyid',
    'x-ots-instancename',
    'x-ots-contentmd5',
  ]) {
    const answer = await cloud.post('/ListTable', EMPTY, { headers: { [name]: undefined } });
    expect([answer.status, answer.error()]).toEqual([
      400,
      `OTSParameterInvalid: Missing header: '${name}'.`,
    ]);
  }
  const other = await cloud.post('/ListTable', EMPTY, {
    headers: { 'x-ots-apiversion': '2014-08-08' },
  });
  expect(other.status).toBe(400);
});

test('an STS credential is taken with its token only, and no longer than it lives', async ({
  expect,
}) => {
  const sts = cloud.kernel.account.issueSts('attach', 'instance-1');
  const { accessKeyId, accessKeySecret } = sts;
  const withToken = cloud.clientWith({ accessKeyId, accessKeySecret, stsToken: sts.securityToken });
  expect((await withToken.listTable({})).tableNames).toEqual([]);

  for (const token of [undefined, `${sts.securityToken}x`]) {
    const answer = await cloud.post('/ListTable', EMPTY, {
      secret: accessKeySecret,
      headers: { 'x-ots-accesskeyid': accessKeyId, 'x-ots-ststoken': token },
    });
    expect(answer.status).toBe(403);
    expect(answer.error()).toContain('OTSAuthFailed: The security token');
  }
  const foreign = await cloud.post('/ListTable', EMPTY, {
    headers: { 'x-ots-ststoken': sts.securityToken },
  });
  expect(foreign.status).toBe(403);

  cloud.kernel.account.revoke(accessKeyId);
  await expect(withToken.listTable({})).rejects.toThrow('The AccessKeyID does not exist.');
});

test('other methods, unknown operations and bodies over 5 MB are refused', async ({ expect }) => {
  const get = await cloud.post('/ListTable', EMPTY, { method: 'GET' });
  expect([get.status, get.error()]).toEqual([
    405,
    'OTSMethodNotAllowed: Only POST method for requests is supported.',
  ]);
  const unknown = await cloud.post('/Search', EMPTY);
  expect([unknown.status, unknown.error()]).toEqual([
    400,
    "OTSParameterInvalid: Unsupported operation: 'Search'.",
  ]);
  const large = await cloud.post('/PutRow', Buffer.alloc(5 * 1024 * 1024 + 1));
  expect([large.status, large.error()]).toEqual([
    413,
    'OTSRequestBodyTooLarge: The size of POST data is too large.',
  ]);
});

test('a throttled call is told that the server is busy', async ({ expect }) => {
  cloud.kernel.faults.replace([{ service: 'tablestore', action: 'ListTable', kind: 'throttle' }]);
  const throttled = await cloud.post('/ListTable', EMPTY);
  expect([throttled.status, throttled.error()]).toEqual([503, 'OTSServerBusy: Server is busy.']);
  cloud.clock.advance(60_000);
  expect((await cloud.post('/ListTable', EMPTY)).status).toBe(200);
});

test('bytes that are no protobuf, or lack a required field, are refused for every action', async ({
  expect,
}) => {
  for (const action of cloud.store.service.actions) {
    const answer = await cloud.post(`/${action}`, Buffer.from('0a7f', 'hex'));
    if (action === 'ListTable') continue;
    expect([action, answer.status, answer.error()]).toEqual([
      action,
      400,
      'OTSParameterInvalid: Parse PBMessage from RawString failed.',
    ]);
  }
  const noCondition = await cloud.post('/PutRow', Buffer.from('0a01741200', 'hex'));
  expect(noCondition.error()).toContain('Parse PBMessage from RawString failed.');
});

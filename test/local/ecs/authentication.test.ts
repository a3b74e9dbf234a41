import { createHash } from 'node:crypto';
import { test } from 'vitest';
import { acs3Signature, acs3StringToSign } from '../../../local/cloud/ecs/signature/acs3.ts';
import { decodePairs } from '../../../local/cloud/ecs/requests/pairs.ts';
import { NO_SPOIL } from '../../../local/cloud/kernel/faults.ts';
import type { WireRequest } from '../../../local/http/wire.ts';
import { aCloud, aGet, ROOT, signedGet, START_MS } from './a-cloud.ts';

type Cloud = ReturnType<typeof aCloud>;

async function codeOf(cloud: Cloud, wire: WireRequest): Promise<string> {
  const reply = await cloud.ecs.service.handle(wire, NO_SPOIL);
  const body = JSON.parse(String(reply.body)) as { Code?: string };
  return body.Code === undefined ? `${reply.status}` : `${reply.status} ${body.Code}`;
}

let drawn = 0;
function acs3(change: {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly unsigned?: readonly string[];
  readonly body?: string;
  readonly secret?: string;
}): WireRequest {
  const body = Buffer.from(change.body ?? '');
  const bodySha256 = createHash('sha256').update(body).digest('hex');
  const headers: Record<string, string> = {
    host: 'localhost:9001',
    'x-acs-action': 'DescribeRegions',
    'x-acs-version': '2014-05-26',
    'x-acs-date': `${new Date(START_MS).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': `nonce-${drawn++}`,
    'x-acs-content-sha256': bodySha256,
    ...change.headers,
  };
  const query = change.query ?? '';
  const signedHeaders = Object.keys(headers)
    .filter((name) => !change.unsigned?.includes(name))
    .sort();
  const stringToSign = acs3StringToSign({
    method: 'POST',
    path: '/',
    query: decodePairs(query)!,
    headers,
    signedHeaders,
    bodySha256,
  });
  const signature = acs3Signature(stringToSign, change.secret ?? ROOT.secret);
  const authorization = `ACS3-HMAC-SHA256 Credential=${ROOT.id},SignedHeaders=${signedHeaders.join(';')},Signature=${signature}`;
  return {
    method: 'POST',
    path: '/',
    query,
    headers: { ...headers, authorization },
    body,
    sourceIp: '',
  };
}

test('a request signed either way is taken', async ({ expect }) => {
  const cloud = aCloud();
  expect(await codeOf(cloud, acs3({}))).toBe('200');
  expect(await codeOf(cloud, signedGet('DescribeRegions', {}, START_MS))).toBe('200');
});

test('parameters of a form body are taken, and are part of what is signed', async ({ expect }) => {
  const cloud = aCloud();
  const form = {
    body: 'AcceptLanguage=zh-CN',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };
  expect(await codeOf(cloud, acs3(form))).toBe('200');
  const altered = { ...acs3(form), body: Buffer.from('AcceptLanguage=en-US') };
  expect(await codeOf(cloud, altered)).toBe('400 SignatureDoesNotMatch');
  const otherHash = { 'x-acs-content-sha256': 'e3b0c442' };
  expect(await codeOf(cloud, acs3({ headers: otherHash }))).toBe('400 SignatureDoesNotMatch');
  expect(await codeOf(cloud, acs3({ body: '{}' }))).toBe('400 InvalidParameter');
});

test('a wrong secret is refused, with what should have been signed', async ({ expect }) => {
  const cloud = aCloud();
  const wrong = { ...ROOT, secret: 'another' };
  expect(await codeOf(cloud, acs3({ secret: 'another' }))).toBe('400 SignatureDoesNotMatch');
  const { status, body } = await cloud.call('DescribeRegions', {}, NO_SPOIL, wrong);
  expect(status).toBe(400);
  expect(body['Message']).toMatch(/^Specified signature is not matched .* is:GET&%2F&AccessKeyId/);
});

test('an altered parameter, header or action is refused', async ({ expect }) => {
  const cloud = aCloud();
  const good = acs3({ query: 'AcceptLanguage=zh-CN' });
  const headers = { ...good.headers, 'x-acs-action': 'DescribeInstances' };
  expect(await codeOf(cloud, { ...good, headers })).toBe('400 SignatureDoesNotMatch');
  expect(await codeOf(cloud, { ...good, query: 'AcceptLanguage=en-US' })).toBe(
    '400 SignatureDoesNotMatch',
  );
  const get = signedGet('DescribeRegions', { AcceptLanguage: 'zh-CN' }, START_MS);
  expect(await codeOf(cloud, { ...get, query: get.query.replace('zh-CN', 'en-US') })).toBe(
    '400 SignatureDoesNotMatch',
  );
});

test('a header of the call that is not signed is refused', async ({ expect }) => {
  const cloud = aCloud();
  for (const name of ['host', 'x-acs-action', 'x-acs-date', 'x-acs-signature-nonce']) {
    expect(await codeOf(cloud, acs3({ unsigned: [name] }))).toBe('400 IncompleteSignature');
  }
});

test('the old signature does not sign a header, so it names its action in a parameter', async ({
  expect,
}) => {
  const cloud = aCloud();
  const get = signedGet('DescribeRegions', {}, START_MS);
  const pairs = decodePairs(get.query)!.filter(([name]) => name !== 'Action');
  const headers = { ...get.headers, 'x-acs-action': 'DescribeRegions' };
  expect(await codeOf(cloud, { ...aGet(pairs), headers })).toBe('400 MissingParameter');
});

test('15 minutes either way are in time, and a second more is not', async ({ expect }) => {
  const cloud = aCloud();
  for (const [offsetMs, code] of [
    [-15 * 60_000, '200'],
    [15 * 60_000, '200'],
    [-15 * 60_000 - 1_000, '400 InvalidTimeStamp.Expired'],
    [15 * 60_000 + 1_000, '400 InvalidTimeStamp.Expired'],
  ] as const) {
    expect(await codeOf(cloud, signedGet('DescribeRegions', {}, START_MS + offsetMs))).toBe(code);
  }
  const odd = signedGet('DescribeRegions', {}, START_MS, ROOT, { Timestamp: 'yesterday' });
  expect(await codeOf(cloud, odd)).toBe('400 InvalidTimeStamp.Format');
});

test('a nonce is good for one request, and a refused request does not use it up', async ({
  expect,
}) => {
  const cloud = aCloud();
  const get = signedGet('DescribeRegions', {}, START_MS);
  const forged = { ...get, query: get.query.replace('Signature=', 'Signature=x') };
  expect(await codeOf(cloud, forged)).toBe('400 SignatureDoesNotMatch');
  expect(await codeOf(cloud, get)).toBe('200');
  expect(await codeOf(cloud, get)).toBe('400 SignatureNonceUsed');
});

test('an STS credential needs its own token', async ({ expect }) => {
  const cloud = aCloud();
  const { accessKeyId, accessKeySecret, securityToken } = cloud.kernel.account.issueSts(
    'attach',
    'i',
  );
  const signer = { id: accessKeyId, secret: accessKeySecret };
  const ask = async (by: typeof signer & { token?: string }) =>
    codeOf(cloud, signedGet('DescribeRegions', {}, START_MS, by));
  expect(await ask({ ...signer, token: securityToken })).toBe('200');
  expect(await ask(signer)).toBe('400 MissingSecurityToken');
  expect(await ask({ ...signer, token: 'x' })).toBe(
    '400 InvalidSecurityToken.MismatchWithAccessKey',
  );
  expect(await ask({ ...ROOT, token: securityToken })).toBe(
    '400 InvalidSecurityToken.MismatchWithAccessKey',
  );
  cloud.kernel.account.revoke(accessKeyId);
  expect(await ask({ ...signer, token: securityToken })).toBe('404 InvalidAccessKeyId.NotFound');
});

test('what names no action, version, method or path of ECS is refused', async ({ expect }) => {
  const cloud = aCloud();
  const get = signedGet('DescribeRegions', {}, START_MS);
  expect(await codeOf(cloud, signedGet('DescribeDisks', {}, START_MS))).toBe(
    '404 InvalidApi.NotFound',
  );
  expect(await codeOf(cloud, { ...get, path: '/instances' })).toBe('404 InvalidApi.NotFound');
  expect(await codeOf(cloud, { ...get, method: 'PUT' })).toBe('403 UnsupportedHTTPMethod');
  const version = signedGet('DescribeRegions', {}, START_MS, ROOT, { Version: '2016-03-14' });
  expect(await codeOf(cloud, version)).toBe('400 InvalidVersion');
  const format = signedGet('DescribeRegions', {}, START_MS, ROOT, { Format: 'XML' });
  expect(await codeOf(cloud, format)).toBe('400 UnsupportedParameter');
  expect(await codeOf(cloud, aGet([['Action', 'DescribeRegions']]))).toBe('400 MissingParameter');
  expect(
    await codeOf(
      cloud,
      aGet([
        ['Action', 'DescribeRegions'],
        ['Version', '2014-05-26'],
      ]),
    ),
  ).toBe('400 MissingAccessKeyId');
});

test('an error has the five fields of the vendor, and its request id', async ({ expect }) => {
  const { body } = await aCloud().call('DescribeInstances');
  expect(body).toEqual({
    RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    HostId: 'ecs-cn-hangzhou.aliyuncs.com',
    Code: 'MissingParameter',
    Message:
      'The input parameter "RegionId" that is mandatory for processing this request is not supplied.',
    Recommend: expect.stringContaining('q=MissingParameter&product=Ecs'),
  });
});

test('the service names the action and the key of a request without checking it', ({ expect }) => {
  const { ecs } = aCloud();
  expect(ecs.service.actionOf(acs3({ secret: 'another' }))).toBe('DescribeRegions');
  expect(ecs.service.accessKeyOf(acs3({ secret: 'another' }))).toBe(ROOT.id);
  expect(ecs.service.actionOf(aGet([['Action', 'DescribeDisks']]))).toBe('');
  expect(ecs.service.accessKeyOf(aGet([['AccessKeyId', 'k']]))).toBe('k');
  expect(ecs.service.accessKeyOf(aGet([]))).toBeUndefined();
});

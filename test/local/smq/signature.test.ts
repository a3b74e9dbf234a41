import { test } from 'vitest';
import { signatureOf, stringToSign } from '../../../local/cloud/smq/signature.ts';
import { codeOf, contentMd5, raw, type RawRequest, smqCloud } from './a-cloud.ts';

test('the published vector of signature version 2 comes out', ({ expect }) => {
  // https://help.aliyun.com/document_detail/175633.htm prints all but the last four characters.
  const text = stringToSign({
    method: 'GET',
    path: '/MyQueue',
    query: '',
    headers: { date: 'Thu, 09 Jul 2015 03:01:34 GMT', 'x-mns-version': '2015-06-06' },
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
  });
  expect(text).toBe('GET\n\n\nThu, 09 Jul 2015 03:01:34 GMT\nx-mns-version:2015-06-06\n/MyQueue');
  expect(signatureOf('TestAccessSecret', text)).toBe('uwx3yeWoILzgmvesW0BQSgfM7b8=');
});

test('the query, the vendor headers and the MD5 are signed', ({ expect }) => {
  const text = stringToSign({
    method: 'PUT',
    path: '/queues/q/messages',
    query: 'waitseconds=10',
    headers: {
      'x-mns-version': '2015-06-06',
      'x-mns-date': 'Thu, 09 Jul 2015 03:01:34 GMT',
      'content-md5': 'md5',
      'content-type': 'text/xml',
      'security-token': 'not signed',
    },
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
  });
  expect(text).toBe(
    'PUT\nmd5\ntext/xml\nThu, 09 Jul 2015 03:01:34 GMT\n' +
      'x-mns-date:Thu, 09 Jul 2015 03:01:34 GMT\nx-mns-version:2015-06-06\n' +
      '/queues/q/messages?waitseconds=10',
  );
});

const NOW_MS = Date.UTC(2026, 10, 23, 12);
const at = (offsetMs: number) => new Date(NOW_MS + offsetMs).toUTCString();
const QUARTER_MS = 15 * 60_000;

const REFUSED: readonly (readonly [string, number, string, RawRequest])[] = [
  ['another secret', 403, 'SignatureDoesNotMatch', { secret: 'another' }],
  ['an unknown key', 403, 'InvalidAccessKeyId', { accessKeyId: 'nobody' }],
  ['an altered query', 403, 'SignatureDoesNotMatch', { unsigned: { 'x-mns-prefix': 'a' } }],
  ['a Date too old', 408, 'TimeExpired', { date: at(-QUARTER_MS - 1_000) }],
  ['a Date too far ahead', 408, 'TimeExpired', { date: at(QUARTER_MS + 1_000) }],
  ['another form of date', 400, 'InvalidDateHeader', { date: '2026-11-23T12:00:00Z' }],
  ['no date', 400, 'MissingDateHeader', { headers: { 'x-mns-date': undefined } }],
  ['no version', 400, 'MissingVersionHeader', { headers: { 'x-mns-version': undefined } }],
  ['no colon', 400, 'InvalidAuthorizationHeader', { unsigned: { authorization: 'MNS latchkey' } }],
  ['another scheme', 400, 'InvalidAuthorizationHeader', { unsigned: { authorization: 'FC a:b' } }],
  ['a token with a plain key', 403, 'AccessDenied', { unsigned: { 'security-token': 'x' } }],
];

for (const [what, status, code, request] of REFUSED) {
  test(`${what} is refused as ${code}`, async ({ expect }) => {
    const wallMs = () => NOW_MS;
    await smqCloud(
      async ({ endpoint }) => {
        const answer = await raw(endpoint, { date: at(0), ...request });
        expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
      },
      { wallMs },
    );
  });
}

test('a request without any signature is refused', async ({ expect }) => {
  await smqCloud(async ({ endpoint }) => {
    const answer = await fetch(`${endpoint}/queues`);
    expect([answer.status, codeOf(await answer.text())]).toEqual([
      400,
      'MissingAuthorizationHeader',
    ]);
  });
});

test('a Date within a quarter of an hour is taken, on both sides', async ({ expect }) => {
  await smqCloud(
    async ({ endpoint }) => {
      for (const offsetMs of [-QUARTER_MS, 0, QUARTER_MS]) {
        expect((await raw(endpoint, { date: at(offsetMs) })).status).toBe(200);
      }
    },
    { wallMs: () => NOW_MS },
  );
});

test('the MD5 is that of the hex digest, and is checked when it is sent', async ({ expect }) => {
  await smqCloud(async ({ endpoint }) => {
    const body = '<Queue xmlns="http://mns.aliyuncs.com/doc/v1/"></Queue>';
    const put = (md5: string) =>
      raw(endpoint, {
        method: 'PUT',
        resource: '/queues/q',
        body,
        headers: { 'content-md5': md5 },
      });
    const wrong = await put(contentMd5('another body'));
    expect([wrong.status, codeOf(wrong.text)]).toEqual([400, 'InvalidDegist']);
    expect((await put(contentMd5(body))).status).toBe(201);
  });
});

test('every answer names its request', async ({ expect }) => {
  await smqCloud(async ({ endpoint }) => {
    const good = await raw(endpoint);
    expect(good.headers.get('x-mns-request-id')).toMatch(/^[0-9A-F]{24}$/);
    expect(good.headers.get('x-mns-version')).toBe('2015-06-06');
    const bad = await raw(endpoint, { resource: '/topics' });
    const requestId = bad.headers.get('x-mns-request-id');
    expect(bad.text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Error xmlns="http://mns.aliyuncs.com/doc/v1/">' +
        '<Code>InvalidRequestURL</Code><Message>Http request URL format invalid.</Message>' +
        `<RequestId>${requestId}</RequestId><HostId>mns.cn-hangzhou.aliyuncs.com</HostId></Error>`,
    );
  });
});

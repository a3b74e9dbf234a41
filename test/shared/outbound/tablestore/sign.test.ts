import { test } from 'vitest';
import { contentMd5, signedHeaders } from '../../../../shared/outbound/tablestore/sign.ts';

test('the signature over path and sorted headers equals that of another tool', async ({
  expect,
}) => {
  // printf '/PutRow\nPOST\n\nx-ots-accesskeyid:ak\nx-ots-apiversion:2015-12-31\nx-ots-contentmd5:XUFAKrxLKna5cZ2REBfFkg==\nx-ots-date:2026-11-24T00:00:00.000Z\nx-ots-instancename:latchkey\nx-ots-ststoken:token\n' |
  //   openssl dgst -sha1 -hmac s3cret -binary | base64
  const body = Buffer.from('hello');
  const credentials = { accessKeyId: 'ak', accessKeySecret: 's3cret', securityToken: 'token' };
  const nowMs = Date.UTC(2026, 10, 24);
  expect(signedHeaders('/PutRow', body, 'latchkey', credentials, nowMs)).toEqual({
    'x-ots-accesskeyid': 'ak',
    'x-ots-apiversion': '2015-12-31',
    'x-ots-contentmd5': 'XUFAKrxLKna5cZ2REBfFkg==',
    'x-ots-date': '2026-11-24T00:00:00.000Z',
    'x-ots-instancename': 'latchkey',
    'x-ots-ststoken': 'token',
    'x-ots-signature': 'yDl7YGnMkkBFvdmzZ7GsMSxbpOc=',
  });
});

test('the digest is base64 of the raw MD5', async ({ expect }) => {
  // printf hello | openssl dgst -md5 -binary | base64
  expect(contentMd5(Buffer.from('hello'))).toBe('XUFAKrxLKna5cZ2REBfFkg==');
});

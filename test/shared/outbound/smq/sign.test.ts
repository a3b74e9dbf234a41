import { test } from 'vitest';
import { authorizationOf } from '../../../../shared/outbound/smq/sign.ts';

test('signature V2 gives the published answer', async ({ expect }) => {
  // https://help.aliyun.com/document_detail/175633.html, whose last digits are masked; whole by
  // printf 'GET\n\n\nThu, 09 Jul 2015 03:01:34 GMT\nx-mns-version:2015-06-06\n/MyQueue' |
  //   openssl dgst -sha1 -hmac TestAccessSecret -binary | base64
  const request = {
    method: 'GET',
    resource: '/MyQueue',
    headers: { date: 'Thu, 09 Jul 2015 03:01:34 GMT', 'x-mns-version': '2015-06-06' },
  };
  const credentials = { accessKeyId: 'TestAccessKey', accessKeySecret: 'TestAccessSecret' };
  expect(authorizationOf(request, credentials)).toBe(
    'MNS TestAccessKey:uwx3yeWoILzgmvesW0BQSgfM7b8=',
  );
});

test('type, several headers in order, and the query are signed; the token is not', async ({
  expect,
}) => {
  // printf 'POST\nbWQ1\ntext/xml\nThu, 09 Jul 2015 03:01:34 GMT\nx-mns-a:1\nx-mns-version:2015-06-06\n/queues/q/messages?a=b' |
  //   openssl dgst -sha1 -hmac s3cret -binary | base64
  const request = {
    method: 'POST',
    resource: '/queues/q/messages?a=b',
    headers: {
      'x-mns-version': '2015-06-06',
      'x-mns-a': '1',
      'content-type': 'text/xml',
      'content-md5': 'bWQ1',
      date: 'Thu, 09 Jul 2015 03:01:34 GMT',
      'security-token': 'not signed',
    },
  };
  expect(authorizationOf(request, { accessKeyId: 'ak', accessKeySecret: 's3cret' })).toBe(
    'MNS ak:Uf4d2M4uuu+xvxDw8Indeij6cyk=',
  );
});

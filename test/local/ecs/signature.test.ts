import { test } from 'vitest';
import { decodePairs } from '../../../local/cloud/ecs/requests/pairs.ts';
import { percentEncode } from '../../../local/cloud/kernel/percent-encode.ts';
import {
  acs3Signature,
  acs3StringToSign,
  parseAcs3,
} from '../../../local/cloud/ecs/signature/acs3.ts';
import {
  hmacSha1Signature,
  hmacSha1StringToSign,
} from '../../../local/cloud/ecs/signature/hmac-sha1.ts';
import { Nonces } from '../../../local/cloud/ecs/signature/nonces.ts';

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

// https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
test('the published vector of the third signature version comes out', ({ expect }) => {
  const headers = {
    host: 'ecs.cn-shanghai.aliyuncs.com',
    'x-acs-action': 'RunInstances',
    'x-acs-content-sha256': EMPTY_SHA256,
    'x-acs-date': '2023-10-26T10:22:32Z',
    'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
    'x-acs-version': '2014-05-26',
  };
  const stringToSign = acs3StringToSign({
    method: 'POST',
    path: '/',
    query: [
      ['RegionId', 'cn-shanghai'],
      ['ImageId', 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd'],
    ],
    headers,
    signedHeaders: Object.keys(headers),
    bodySha256: EMPTY_SHA256,
  });
  expect(stringToSign).toBe(
    'ACS3-HMAC-SHA256\n7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259',
  );
  expect(acs3Signature(stringToSign, 'YourAccessKeySecret')).toBe(
    '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  );
});

// https://help.aliyun.com/zh/sdk/product-overview/rpc-mechanism
test('the published vector of HMAC-SHA1 comes out', ({ expect }) => {
  const pairs = Object.entries({
    Timestamp: '2016-02-23T12:46:24Z',
    Format: 'XML',
    AccessKeyId: 'testid',
    Action: 'DescribeRegions',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
    Version: '2014-05-26',
    SignatureVersion: '1.0',
    Signature: 'is left out',
  });
  const stringToSign = hmacSha1StringToSign('GET', pairs);
  expect(hmacSha1Signature(stringToSign, 'testsecret')).toBe('OLeaidS1JvxuMvnyHOwuJ+uX5qY=');
});

test('a name that begins another is signed before it', ({ expect }) => {
  const pairs = [
    ['Tag.1', 'b'],
    ['Tag', 'a'],
  ] as const;
  expect(hmacSha1StringToSign('GET', pairs)).toBe('GET&%2F&Tag%3Da%26Tag.1%3Db');
});

test('only letters, digits, minus, dot, underscore and tilde stay as they are', ({ expect }) => {
  expect(percentEncode("aZ9-._~ !*'()é+")).toBe('aZ9-._~%20%21%2A%27%28%29%C3%A9%2B');
});

test('a query is decoded, and one with half an escape is not', ({ expect }) => {
  expect(decodePairs('a=%5B1%5D&b=x+y&c&d=e=f')).toEqual([
    ['a', '[1]'],
    ['b', 'x y'],
    ['c', ''],
    ['d', 'e=f'],
  ]);
  expect(decodePairs('a=%4')).toBeUndefined();
});

test('an Authorization header of another form is not taken for one', ({ expect }) => {
  expect(parseAcs3('acs latchkey-local:abc')).toBeUndefined();
  expect(
    parseAcs3('ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host;x-acs-date,Signature=0f'),
  ).toEqual({
    algorithm: 'ACS3-HMAC-SHA256',
    accessKeyId: 'a',
    signedHeaders: ['host', 'x-acs-date'],
    signature: '0f',
  });
});

test('a nonce is remembered for its window and then forgotten', ({ expect }) => {
  const nonces = new Nonces();
  expect(nonces.use('key', 'n', 1_000, 0)).toBe(true);
  expect(nonces.use('key', 'n', 1_000, 1_000)).toBe(false);
  expect(nonces.use('another', 'n', 1_000, 1_000)).toBe(true);
  expect(nonces.use('key', 'm', 200_000, 100_000)).toBe(true);
  expect(nonces.size).toBe(1);
});

import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { test } from 'vitest';
import { parseSshPublicKey } from '../../../local/cloud/ecs/model/ssh-public-key.ts';
import { aCloud, repeated } from './a-cloud.ts';

// Made by ssh-keygen, which also gave the fingerprint (`ssh-keygen -l -E md5`).
const KNOWN =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBAnNOfiqu/h30UlFNmuuKbhiQ0RDRvwzftPa0rsHIsS9o6Iiza9pcDvXDMGS9qdamqaMwZRhPZmn7fDTEM5lkqQ=';
const KNOWN_FINGERPRINT = 'de:eb:c9:35:f9:c1:e4:2d:db:e6:98:79:69:92:24:0d';

test('a known key has the fingerprint that ssh-keygen gives it', ({ expect }) => {
  expect(parseSshPublicKey(`${KNOWN} me@home`)).toEqual({
    line: KNOWN,
    fingerprint: KNOWN_FINGERPRINT,
  });
});

test('what is not one whole public key is refused', ({ expect }) => {
  const [type, blob] = KNOWN.split(' ') as [string, string];
  for (const body of [
    'ABC1234567',
    type,
    `ssh-rsa ${blob}`,
    `${type} ${blob.slice(0, -12)}`,
    `${type} ${Buffer.concat([Buffer.from(blob, 'base64'), Buffer.alloc(4)]).toString('base64')}`,
    `ssh-none ${blob}`,
    '-----BEGIN PUBLIC KEY-----',
  ]) {
    expect(parseSshPublicKey(body), body).toBeUndefined();
  }
});

test('a created key pair is real: its private key belongs to its public key', async ({
  expect,
}) => {
  const cloud = aCloud();
  const { body } = await cloud.here('CreateKeyPair', { KeyPairName: 'ops-2026' });
  expect(body['KeyPairId']).toMatch(/^ssh-bp1[a-z0-9]{17}$/);
  const { body: described } = await cloud.here('DescribeKeyPairs', {
    KeyPairName: 'ops-*',
    IncludePublicKey: 'true',
  });
  const [pair] = (
    described as unknown as {
      KeyPairs: { KeyPair: { PublicKey: string; KeyPairFingerPrint: string }[] };
    }
  ).KeyPairs.KeyPair;
  const blob = Buffer.from(pair!.PublicKey.split(' ')[1]!, 'base64');
  const { n } = createPublicKey(createPrivateKey(String(body['PrivateKeyBody']))).export({
    format: 'jwk',
  });
  expect(blob.subarray(-256).toString('base64url')).toBe(n);
  const digest = createHash('md5').update(blob).digest('hex');
  expect(pair!.KeyPairFingerPrint.replaceAll(':', '')).toBe(digest);
  expect(body['KeyPairFingerPrint']).toBe(pair!.KeyPairFingerPrint);
  expect(cloud.ecs.state().keyPairs).toEqual({
    'ops-2026': { fingerprint: pair!.KeyPairFingerPrint },
  });
});

test('a key pair is imported, described without its key, and deleted', async ({ expect }) => {
  const cloud = aCloud();
  const imported = await cloud.here('ImportKeyPair', {
    KeyPairName: 'mine',
    PublicKeyBody: KNOWN,
    ResourceGroupId: 'rg-1',
    'Tag.1.Key': 'a',
    'Tag.1.Value': 'b',
  });
  expect(imported.body).toEqual({
    RequestId: expect.any(String),
    KeyPairName: 'mine',
    KeyPairFingerPrint: KNOWN_FINGERPRINT,
  });
  const { body } = await cloud.here('DescribeKeyPairs');
  expect(body).toMatchObject({ TotalCount: 1, PageNumber: 1, PageSize: 10 });
  expect(body['KeyPairs']).toEqual({
    KeyPair: [
      {
        KeyPairName: 'mine',
        KeyPairFingerPrint: KNOWN_FINGERPRINT,
        CreationTime: '2026-11-24T02:53Z',
        ResourceGroupId: 'rg-1',
        Tags: { Tag: [{ TagKey: 'a', TagValue: 'b' }] },
      },
    ],
  });
  expect((await cloud.here('DeleteKeyPairs', { KeyPairNames: '["mine","none"]' })).status).toBe(
    200,
  );
  const { body: after } = await cloud.here('DescribeKeyPairs', { KeyPairName: 'mine' });
  expect(after).toMatchObject({ TotalCount: 0, KeyPairs: { KeyPair: [] } });
});

test('names that are malformed or taken are refused, and so is number 501', async ({ expect }) => {
  const cloud = aCloud();
  const add = async (KeyPairName: string, PublicKeyBody = KNOWN) => {
    const { body } = await cloud.here('ImportKeyPair', { KeyPairName, PublicKeyBody });
    return body['Code'] ?? 'added';
  };
  expect(await add('a')).toBe('InvalidKeyPairName.Malformed');
  expect(await add('1st')).toBe('InvalidKeyPairName.Malformed');
  expect(await add('http://x')).toBe('InvalidKeyPairName.Malformed');
  expect(await add('a/b')).toBe('InvalidKeyPairName.Malformed');
  expect(await add('密钥')).toBe('added');
  expect(await add('密钥')).toBe('KeyPair.AlreadyExist');
  expect(await add('good', 'ABC')).toBe('InvalidPublicKeyBody.Malformed');
  for (let index = 1; index < 500; index++) {
    const { status } = await cloud.here('ImportKeyPair', {
      KeyPairName: `key-${index}`,
      PublicKeyBody: KNOWN,
    });
    expect(status).toBe(200);
  }
  expect(await add('one-more')).toBe('QuotaExceed.KeyPair');
});

test('a key pair that an instance has is not deleted', async ({ expect }) => {
  const cloud = aCloud();
  cloud.ecs.seed({ keyPairs: [{ name: 'ops' }], instances: [{ keyPairName: 'ops' }] });
  const del = async (KeyPairNames: string) => {
    const { status, body } = await cloud.here('DeleteKeyPairs', { KeyPairNames });
    return [status, body['Code']];
  };
  expect(await del('["ops"]')).toEqual([400, 'InvalidParameter.KeypairAlreadyAttachedInstance']);
  expect(await del('ops')).toEqual([400, 'InvalidKeyPairNames.ValueNotSupported']);
  expect(await del(JSON.stringify(Array.from({ length: 101 }, () => 'x')))).toEqual([
    403,
    'InstanceKeyPairLimitExceeded',
  ]);
});

test('tags are added to instances and key pairs, to all of them or to none', async ({ expect }) => {
  const cloud = aCloud();
  cloud.ecs.seed({
    keyPairs: [{ name: 'ops' }],
    instances: [
      { instanceId: 'i-a', tags: { team: 'db' } },
      { instanceId: 'i-b' },
      { instanceId: 'i-c' },
    ],
  });
  const tag = async (type: string, ids: string[], tags: Record<string, string>) => {
    const parameters = { ResourceType: type, ...repeated('ResourceId', ids), ...tags };
    const { body } = await cloud.here('TagResources', parameters);
    return body['Code'] ?? 'done';
  };
  const web = { 'Tag.1.Key': 'team', 'Tag.1.Value': 'web' };
  expect(await tag('instance', ['i-a', 'i-b'], web)).toBe('done');
  expect(cloud.ecs.state().instances['i-a']?.tags).toEqual({ team: 'web' });
  expect(await tag('keypair', ['ops'], web)).toBe('done');
  expect(await tag('instance', ['i-b', 'i-none'], { 'Tag.1.Key': 'x' })).toBe(
    'InvalidResourceId.NotFound',
  );
  expect(await tag('disk', ['d-1'], web)).toBe('InvalidResourceType.NotFound');
  expect(await tag('instance', ['i-a'], {})).toBe('MissingParameter');
  expect(await tag('instance', ['i-a'], { ...web, 'Tag.2.Key': 'team' })).toBe('Duplicate.TagKey');
  const twenty = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`]),
  );
  expect(await tag('instance', ['i-c', 'i-a'], twenty)).toBe('QuotaExceed.Tags');
  expect(cloud.ecs.state().instances['i-c']?.tags).toEqual({});
  expect(cloud.ecs.state().instances['i-b']?.tags).toEqual({ team: 'web' });
});

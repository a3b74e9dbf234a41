import Sdk, * as models from '@alicloud/ecs20140526';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import { test } from 'vitest';
import type { Ecs } from '../../../../shared/domain/ports.ts';
import { cjsDefault } from '../../../../shared/outbound/cjs-default.ts';
import { EcsClient } from '../../../../shared/outbound/ecs/client.ts';
import { CALL_TIMEOUT_MS } from '../../../../shared/outbound/ecs/ecs-over-sdk.ts';
import { ecsEndpoint } from '../../../../shared/outbound/ecs/endpoint.ts';
import { aSelector } from '../../../support/builders.ts';
import { anEcs, aServer, sends } from './a-server.ts';

const Official = cjsDefault(Sdk);

const config = { accessKeyId: 'a', accessKeySecret: 's', securityToken: 't' };
const REGION = { regionId: 'cn-hangzhou' };
const IDS = ['i-bp1a', 'i-bp1b'];
const NAME = "ops é*~'()! 2026";

const SAME: Readonly<
  Record<
    string,
    readonly [ours: (ecs: Ecs) => Promise<unknown>, theirs: (sdk: Sdk.default) => Promise<unknown>]
  >
> = {
  AttachKeyPair: [
    (ecs) => ecs.attachKeyPair(NAME, IDS),
    (sdk) =>
      sdk.attachKeyPair(
        new models.AttachKeyPairRequest({
          ...REGION,
          keyPairName: NAME,
          instanceIds: JSON.stringify(IDS),
        }),
      ),
  ],
  DescribeInstances: [
    (ecs) => ecs.describeInstances(IDS),
    (sdk) =>
      sdk.describeInstances(
        new models.DescribeInstancesRequest({
          ...REGION,
          instanceIds: JSON.stringify(IDS),
          maxResults: 100,
        }),
      ),
  ],
  'DescribeInstances by tag': [
    (ecs) => ecs.describeGroup('team é', ['a&b=c']),
    (sdk) =>
      sdk.describeInstances(
        new models.DescribeInstancesRequest({
          ...REGION,
          tag: [new models.DescribeInstancesRequestTag({ key: 'team é', value: 'a&b=c' })],
          maxResults: 100,
        }),
      ),
  ],
  'DescribeInstances by all other filters': [
    (ecs) =>
      ecs.selectInstances(
        aSelector({
          keyPairName: 'ops',
          zoneId: 'cn-hangzhou-h',
          vpcId: 'vpc-1',
          namePrefix: 'web é&=',
        }),
        1_000,
      ),
    (sdk) =>
      sdk.describeInstances(
        new models.DescribeInstancesRequest({
          ...REGION,
          keyPairName: 'ops',
          zoneId: 'cn-hangzhou-h',
          vpcId: 'vpc-1',
          instanceName: 'web é&=*',
          maxResults: 100,
        }),
      ),
  ],
  'DescribeInstances by resource group': [
    (ecs) => ecs.selectInstances(aSelector({ resourceGroupId: 'rg-1' }), 1_000),
    (sdk) =>
      sdk.describeInstances(
        new models.DescribeInstancesRequest({
          ...REGION,
          resourceGroupId: 'rg-1',
          maxResults: 100,
        }),
      ),
  ],
  'DescribeInstances by tags': [
    (ecs) => ecs.selectInstances(aSelector({ tags: { team: 'web', stage: '' } }), 1_000),
    (sdk) =>
      sdk.describeInstances(
        new models.DescribeInstancesRequest({
          ...REGION,
          tag: [
            new models.DescribeInstancesRequestTag({ key: 'team', value: 'web' }),
            new models.DescribeInstancesRequestTag({ key: 'stage', value: '' }),
          ],
          maxResults: 100,
        }),
      ),
  ],
  DescribeKeyPairs: [
    (ecs) => ecs.findKeyPair(NAME),
    (sdk) =>
      sdk.describeKeyPairs(
        new models.DescribeKeyPairsRequest({ ...REGION, keyPairName: NAME, pageSize: 50 }),
      ),
  ],
  RebootInstances: [
    (ecs) => ecs.rebootInstances(IDS),
    (sdk) =>
      sdk.rebootInstances(
        new models.RebootInstancesRequest({
          ...REGION,
          instanceId: IDS,
          forceReboot: false,
          batchOptimization: 'SuccessFirst',
        }),
      ),
  ],
  StartInstances: [
    (ecs) => ecs.startInstances(IDS),
    (sdk) =>
      sdk.startInstances(
        new models.StartInstancesRequest({
          ...REGION,
          instanceId: IDS,
          batchOptimization: 'SuccessFirst',
        }),
      ),
  ],
};

/** Differ from call to call, or come from how the credentials were given. */
const OWN_HEADERS = [
  'x-acs-signature-nonce',
  'x-acs-date',
  'x-acs-credentials-provider',
  'authorization',
];

test.for(Object.entries(SAME))(
  '%s goes out as the untouched official client sends it',
  async ([name, [ours, theirs]], { expect }) => {
    const { url, seen } = await aServer(sends(200, {}));
    const endpoint = url.replace('http://', '');
    await ours(anEcs(url)).catch(() => {});
    await theirs(
      new Official(new $OpenApiUtil.Config({ ...config, ...REGION, endpoint, protocol: 'http' })),
    );
    expect(seen).toHaveLength(2);
    const [mine, official] = seen.map(({ headers, ...rest }) => ({
      ...rest,
      headers: Object.fromEntries(
        Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name)),
      ),
    }));
    expect(mine).toEqual(official);
    expect(mine?.action).toBe(name.split(' ')[0]);
    expect(Object.keys(mine?.parameters ?? {}).length).toBeGreaterThan(2);
  },
);

test('restarts are never forced and never all-or-nothing', async ({ expect }) => {
  const { url, seen } = await aServer(sends(200, {}));
  await anEcs(url)
    .rebootInstances(IDS)
    .catch(() => {});
  expect(seen[0]?.parameters).toEqual({
    RegionId: 'cn-hangzhou',
    'InstanceId.1': 'i-bp1a',
    'InstanceId.2': 'i-bp1b',
    ForceReboot: 'false',
    BatchOptimization: 'SuccessFirst',
  });
});

test('both timeouts are set: with one of them the SDK gives up after 3 s of silence', ({
  expect,
}) => {
  const client = new EcsClient({
    endpoint: ecsEndpoint('cn-hangzhou', undefined),
    ...REGION,
    credentials: () => Promise.reject(new Error('not asked')),
    timeoutMs: CALL_TIMEOUT_MS,
  });
  expect([client._connectTimeout, client._readTimeout]).toEqual([10_000, 10_000]);
  expect(client._retryOptions).toBeUndefined();
});

test('every region is called where the official client calls it', ({ expect }) => {
  const client = (regionId: string) =>
    new Official(new $OpenApiUtil.Config({ ...config, regionId }));
  const regions = [...Object.keys(client('cn-hangzhou')._endpointMap), 'cn-shanghai', 'us-east-1'];
  expect(regions.length).toBeGreaterThan(30);
  const ours = regions.map((region) => [region, ecsEndpoint(region, undefined).host]);
  expect(ours).toEqual(regions.map((region) => [region, client(region)._endpoint]));
});

test.for(['http://ecs.example.com', 'ftp://127.0.0.1', 'ecs', 'https://h/path'])(
  'the endpoint %s is refused at once',
  (url, { expect }) => {
    expect(() => anEcs(url)).toThrow(`Cannot use endpoint "${url}": `);
  },
);

import { $OpenApiUtil } from '@alicloud/openapi-core';
import { test } from 'vitest';
import { officialClient } from '../../../../shared/outbound/ecs/client.ts';
import { CALL_TIMEOUT_MS } from '../../../../shared/outbound/ecs/ecs-over-sdk.ts';
import { ecsEndpoint } from '../../../../shared/outbound/ecs/endpoint.ts';
import { anEcs, aServer, sends } from './a-server.ts';
import { config, IDS, Official, REGION, SAME, sentByBoth } from './same-calls.ts';

test.for(Object.keys(SAME))(
  '%s goes out as the untouched official client sends it',
  async (name, { expect }) => {
    const sent = await sentByBoth(name, anEcs);
    expect(sent).toHaveLength(2);
    const [mine, official] = sent;
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
  const client = officialClient({
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

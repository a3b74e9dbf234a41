import { test } from 'vitest';
import { Sdk, type SdkClient, withSdk } from './sdk-clients.ts';

const regionId = 'cn-hangzhou';
const LAUNCH = { regionId, imageId: 'aliyun_3_x64.vhd', instanceType: 'ecs.g7.large' };

/** Everything from a launch to a release, by the SDK's own methods and types. */
async function wholeLife(
  client: SdkClient,
  advance: (ms: number) => void,
): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = {};
  const regions = await client.describeRegions(new Sdk.DescribeRegionsRequest({}));
  seen['region'] = regions.body?.regions?.region?.[0]?.regionId;

  const key = { regionId, keyPairName: 'ops-2026' };
  const made = await client.createKeyPair(new Sdk.CreateKeyPairRequest(key));
  seen['key'] = made.body?.privateKeyBody?.split('\n')[0];
  const launched = await client.runInstances(
    new Sdk.RunInstancesRequest({
      ...LAUNCH,
      amount: 3,
      instanceName: "web !*~'()é+",
      securityGroupIds: ['sg-1', 'sg-2'],
      systemDisk: new Sdk.RunInstancesRequestSystemDisk({ category: 'cloud_essd', size: '40' }),
      networkInterface: [
        new Sdk.RunInstancesRequestNetworkInterface({
          instanceType: 'Primary',
          vSwitchId: 'vsw-1',
        }),
      ],
      tag: [new Sdk.RunInstancesRequestTag({ key: 'team', value: 'web & db' })],
    }),
  );
  const ids = launched.body?.instanceIdSets?.instanceIdSet ?? [];
  const created = await client.createInstance(new Sdk.CreateInstanceRequest(LAUNCH));
  const spare = created.body?.instanceId ?? '';
  advance(60_000);

  const attached = await client.attachKeyPair(
    new Sdk.AttachKeyPairRequest({ ...key, instanceIds: JSON.stringify([...ids, 'i-none']) }),
  );
  seen['attached'] = [attached.body?.totalCount, attached.body?.failCount];
  seen['success'] = attached.body?.results?.result?.map(({ success }) => success);

  const rebooted = await client.rebootInstances(
    new Sdk.RebootInstancesRequest({
      regionId,
      instanceId: [...ids, spare],
      batchOptimization: 'SuccessFirst',
      forceReboot: false,
    }),
  );
  seen['rebooted'] = rebooted.body?.instanceResponses?.instanceResponse?.map(({ code }) => code);
  advance(60_000);
  await client.rebootInstance(new Sdk.RebootInstanceRequest({ instanceId: ids[0]! }));
  await client.startInstance(new Sdk.StartInstanceRequest({ instanceId: spare }));
  advance(60_000);

  const tagged = [new Sdk.TagResourcesRequestTag({ key: 'env', value: 'test' })];
  await client.tagResources(
    new Sdk.TagResourcesRequest({
      regionId,
      resourceType: 'instance',
      resourceId: ids,
      tag: tagged,
    }),
  );
  const described = await client.describeInstances(
    new Sdk.DescribeInstancesRequest({
      regionId,
      maxResults: 100,
      keyPairName: 'ops-2026',
      instanceName: 'web*',
      tag: [new Sdk.DescribeInstancesRequestTag({ key: 'team', value: 'web & db' })],
    }),
  );
  const [first] = described.body?.instances?.instance ?? [];
  seen['described'] = described.body?.instances?.instance?.length;
  seen['first'] = [first?.instanceName, first?.OSType, first?.ioOptimized, first?.status];
  const statuses = await client.describeInstanceStatus(
    new Sdk.DescribeInstanceStatusRequest({ regionId, instanceId: [spare] }),
  );
  seen['spare'] = statuses.body?.instanceStatuses?.instanceStatus?.[0]?.status;

  const stop = { regionId, instanceId: ids, stoppedMode: 'StopCharging' };
  await client.stopInstances(new Sdk.StopInstancesRequest(stop));
  await client.stopInstance(new Sdk.StopInstanceRequest({ instanceId: spare }));
  advance(60_000);
  await client.startInstances(new Sdk.StartInstancesRequest({ regionId, instanceId: ids }));
  advance(60_000);
  const detached = await client.detachKeyPair(
    new Sdk.DetachKeyPairRequest({ ...key, instanceIds: JSON.stringify(ids) }),
  );
  seen['detached'] = detached.body?.failCount;
  const imported = { regionId, keyPairName: 'mine', publicKeyBody: '' };
  const pairs = await client.describeKeyPairs(
    new Sdk.DescribeKeyPairsRequest({ regionId, includePublicKey: true }),
  );
  imported.publicKeyBody = pairs.body?.keyPairs?.keyPair?.[0]?.publicKey ?? '';
  await client.importKeyPair(new Sdk.ImportKeyPairRequest(imported));
  await client.deleteKeyPairs(
    new Sdk.DeleteKeyPairsRequest({ regionId, keyPairNames: '["ops-2026","mine"]' }),
  );
  await client.deleteInstance(new Sdk.DeleteInstanceRequest({ instanceId: spare }));
  await client.deleteInstances(
    new Sdk.DeleteInstancesRequest({ regionId, instanceId: ids, force: true }),
  );
  return seen;
}

for (const [algorithm, name] of [
  [undefined, 'ACS3-HMAC-SHA256'],
  ['v2', 'HMAC-SHA1'],
] as const) {
  test(`the official SDK drives a whole life with ${name}`, async ({ expect }) => {
    await withSdk(async ({ client, clock, ecs, kernel }) => {
      const seen = await wholeLife(client(algorithm), (ms) => clock.advance(ms));
      expect(seen).toEqual({
        region: 'cn-hangzhou',
        key: '-----BEGIN PRIVATE KEY-----',
        attached: ['4', '1'],
        success: ['true', 'true', 'true', 'false'],
        rebooted: ['200', '200', '200', 'IncorrectInstanceStatus'],
        described: 3,
        first: ["web !*~'()é+", 'linux', true, 'Running'],
        spare: 'Running',
        detached: '0',
      });
      expect(ecs.state()).toEqual({ instances: {}, keyPairs: {} });
      // Every action that there is was called.
      const called = Object.keys(kernel.calls.toJSON()['ecs'] ?? {});
      expect(called.sort()).toEqual([...ecs.service.actions].sort());
    });
  });
}

test('the SDK casts numbers and booleans to the strings it declares', async ({ expect }) => {
  await withSdk(
    async ({ client, ecs }) => {
      ecs.seed({ keyPairs: [{ name: 'ops' }], instances: [{ instanceId: 'i-a' }] });
      const request = { regionId, keyPairName: 'ops', instanceIds: '["i-a"]' };
      const { body } = await client().attachKeyPair(new Sdk.AttachKeyPairRequest(request));
      expect([body?.totalCount, body?.results?.result?.[0]?.success]).toEqual(['1', 'true']);
    },
    { ecs: { answerTypes: 'json' } },
  );
});

test('the SDK reads our errors as the vendor’s', async ({ expect }) => {
  await withSdk(async ({ client, kernel }) => {
    const request = { regionId, keyPairName: 'none', instanceIds: '["i-a"]' };
    const attach = () => client().attachKeyPair(new Sdk.AttachKeyPairRequest(request));
    await expect(attach()).rejects.toMatchObject({
      name: 'ClientError',
      code: 'InvalidKeyPairName.NotFound',
      statusCode: 400,
      message: expect.stringContaining('The specified KeyPairName does not exist in our records.'),
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    });
    kernel.faults.replace([{ service: 'ecs', action: 'AttachKeyPair', kind: 'throttle' }]);
    await expect(attach()).rejects.toMatchObject({
      name: 'ThrottlingError',
      code: 'Throttling.User',
      statusCode: 400,
    });
    // A JS array where a JSON array is wanted goes out as InstanceIds.1, …
    const wrong = { regionId, keyPairName: 'none', instanceIds: ['i-a'] as unknown as string };
    kernel.faults.replace([]);
    await expect(client().detachKeyPair(new Sdk.DetachKeyPairRequest(wrong))).rejects.toMatchObject(
      { code: 'InvalidParameter' },
    );
  });
});

test('a retry of the SDK is taken, with the headers that it adds', async ({ expect }) => {
  await withSdk(async ({ retrying, kernel }) => {
    kernel.faults.replace([{ service: 'ecs', action: 'DescribeRegions', kind: 'reset', times: 2 }]);
    const request = new Sdk.DescribeRegionsRequest({});
    await expect(retrying().describeRegions(request)).resolves.toBeDefined();
    expect(kernel.calls.of('ecs', 'DescribeRegions')).toBe(3);
  });
});

test('an ordered fault leaves an instance out of the answer that the SDK reads', async ({
  expect,
}) => {
  await withSdk(async ({ client, kernel, ecs }) => {
    ecs.seed({
      keyPairs: [{ name: 'ops' }],
      instances: [{ instanceId: 'i-a' }, { instanceId: 'i-b' }],
    });
    const fault = { service: 'ecs', action: 'AttachKeyPair', kind: 'leave-out' };
    kernel.faults.replace([{ ...fault, instanceIds: ['i-a'] }]);
    const request = { regionId, keyPairName: 'ops', instanceIds: '["i-a","i-b"]' };
    const { body } = await client().attachKeyPair(new Sdk.AttachKeyPairRequest(request));
    expect(body?.results?.result?.map(({ instanceId }) => instanceId)).toEqual(['i-b']);
    expect(ecs.state().instances['i-a']?.keyPairName).toBe('ops');
  });
});

test('an STS token signs either way, and without it the call is refused', async ({ expect }) => {
  await withSdk(async ({ client, popCore, kernel }) => {
    const sts = kernel.account.issueSts('attach', 'instance-1');
    const id = { id: sts.accessKeyId, secret: sts.accessKeySecret };
    const signer = { ...id, token: sts.securityToken };
    const request = new Sdk.DescribeRegionsRequest({});
    await expect(client(undefined, signer).describeRegions(request)).resolves.toBeDefined();
    await expect(client('v2', signer).describeRegions(request)).resolves.toBeDefined();
    await expect(popCore(signer).request('DescribeRegions', {})).resolves.toBeDefined();
    await expect(client(undefined, id).describeRegions(request)).rejects.toMatchObject({
      code: 'MissingSecurityToken',
    });
    await expect(
      client(undefined, { ...signer, secret: 'another' }).describeRegions(request),
    ).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  });
});

test('pop-core is served too, by GET and by POST', async ({ expect }) => {
  await withSdk(async ({ popCore, ecs }) => {
    ecs.seed({ instances: [{ instanceId: 'i-a' }, { instanceId: 'i-b' }] });
    const parameters = { RegionId: regionId, InstanceId: ['i-a', 'i-b'] };
    for (const method of ['GET', 'POST']) {
      const answer = await popCore().request('DescribeInstanceStatus', parameters, { method });
      expect(answer).toMatchObject({ TotalCount: 2 });
    }
    await expect(
      popCore().request('RebootInstance', { InstanceId: 'i-none' }, { method: 'POST' }),
    ).rejects.toMatchObject({ code: 'InvalidInstanceId.NotFound' });
  });
});

test('1,000 instances are read in ten calls, each seen once', async ({ expect }) => {
  await withSdk(async ({ client, ecs, kernel }) => {
    const { instanceIds } = ecs.seed({ instances: [{ count: 1_000, name: 'web' }] });
    const seen: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const request = { regionId, maxResults: 100, ...(nextToken && { nextToken }) };
      const { body } = await client().describeInstances(new Sdk.DescribeInstancesRequest(request));
      seen.push(...(body?.instances?.instance ?? []).map(({ instanceId }) => instanceId));
      nextToken = body?.nextToken;
    } while (nextToken);
    expect(seen).toEqual(instanceIds);
    expect(kernel.calls.of('ecs', 'DescribeInstances')).toBe(10);
  });
});

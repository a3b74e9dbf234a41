import { chunks, mapPool } from '../../shared/lib/pool.ts';
import type { Peer, Stage } from './stage.ts';
import { statusOf } from './status-of.ts';

/**
 * Terraform's `alicloud_ecs_key_pair_attachment` with `force = true`. It follows
 * aliyun/terraform-provider-alicloud: alicloud/resource_alicloud_ecs_key_pair_attachment.go at
 * 4a95cb261d652f7d55d59a61028b64eaf2d953ce (create and read), and QueryInstancesWithKeyPair,
 * WaitForEcsInstance and DescribeEcsKeyPairAttachment of alicloud/service_alicloud_ecs.go at
 * 9938998b45fa3d2228add7a6e387d5cf0a2e75fe. The use of the last two has not changed for years.
 *
 * For each resource, it
 * 1. lists the instances that have the key pair already, page by page;
 * 2. calls AttachKeyPair once, and checks only the HTTP status of the answer;
 * 3. calls RebootInstance with `ForceStop` for each instance that was not listed, bound now or not;
 * 4. for each of these, reads the status every 5 s until it is Running, and waits 10 s more;
 * 5. reads the key pair.
 *
 * The `RegionId` that it sends with RebootInstance is left out: ECS ignores it, and the local cloud
 * refuses parameters that the documentation does not list.
 */
export const terraform: Peer = async (stage) => {
  // AttachKeyPair takes 50 ids, so a larger fleet needs several resources.
  const resources = chunks(stage.instanceIds, 50);
  // When one resource fails, Terraform goes on with the others and fails at the end.
  const failures: unknown[] = [];
  await mapPool(resources, PARALLELISM, async (instanceIds) => {
    try {
      await attachment(stage, instanceIds);
    } catch (error) {
      failures.push(error);
    }
  });
  if (failures.length > 0) throw failures[0];
};

/** `-parallelism`: https://developer.hashicorp.com/terraform/cli/commands/apply */
const PARALLELISM = 10;

/** From alicloud/common.go: DefaultIntervalShort, DefaultIntervalMedium, DefaultLongTimeout, PageSizeLarge. */
const LOOK_EVERY_MS = 5_000;
const THEN_WAIT_MS = 10_000;
const LIMIT_MS = 1_000_000;
const PAGE_SIZE = 50;

async function attachment(stage: Stage, instanceIds: readonly string[]): Promise<void> {
  const { regionId, keyPairName } = stage;
  const haveIt = new Set(await idsWithKeyPair(stage));
  await stage.call('AttachKeyPair', {
    RegionId: regionId,
    KeyPairName: keyPairName,
    InstanceIds: JSON.stringify(instanceIds),
  });
  const news = instanceIds.filter((id) => !haveIt.has(id));
  for (const id of news) {
    await stage.call('RebootInstance', { InstanceId: id, ForceStop: true });
  }
  for (const id of news) await waitForRunning(stage, id);
  await stage.call('DescribeKeyPairs', { RegionId: regionId, KeyPairName: keyPairName });
}

/** It stops at the first page that has fewer instances than its page number, so it asks for too many pages. */
async function idsWithKeyPair(stage: Stage): Promise<string[]> {
  const ids: string[] = [];
  for (let page = 1; ; page += 1) {
    const { Instances } = await stage.call<{
      readonly Instances: { readonly Instance: readonly { readonly InstanceId: string }[] };
    }>('DescribeInstances', {
      RegionId: stage.regionId,
      KeyPairName: stage.keyPairName,
      PageNumber: page,
      PageSize: PAGE_SIZE,
    });
    ids.push(...Instances.Instance.map(({ InstanceId }) => InstanceId));
    if (Instances.Instance.length < page) return ids;
  }
}

async function waitForRunning(stage: Stage, id: string): Promise<void> {
  for (let leftMs = LIMIT_MS; ;) {
    if ((await statusOf(stage, id)) === 'Running') return stage.sleep(THEN_WAIT_MS);
    leftMs -= LOOK_EVERY_MS;
    if (leftMs <= 0) throw new Error(`${id} is not Running`);
    await stage.sleep(LOOK_EVERY_MS);
  }
}

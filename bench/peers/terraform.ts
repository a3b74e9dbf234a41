import { chunks, mapPool } from '../../shared/lib/pool.ts';
import type { Peer, Stage } from './stage.ts';
import { statusOf } from './status-of.ts';

/**
 * Terraform's `alicloud_ecs_key_pair_attachment` with `force = true`, told from
 * aliyun/terraform-provider-alicloud, alicloud/resource_alicloud_ecs_key_pair_attachment.go at
 * 4a95cb261d652f7d55d59a61028b64eaf2d953ce (create and read), and of alicloud/service_alicloud_ecs.go
 * (stored at 9938998b45fa3d2228add7a6e387d5cf0a2e75fe) QueryInstancesWithKeyPair, WaitForEcsInstance
 * and DescribeEcsKeyPairAttachment. How the last two take part has not changed for years.
 *
 * For each resource: who has the key pair already, one page after another; one AttachKeyPair, of whose
 * answer only the HTTP status is looked at; RebootInstance with `ForceStop` for one after the other of
 * those that did not have it, bound now or not; then, for one after the other, a look every 5 s until
 * it is Running, and 10 s more; at last the key pair itself is read. The `RegionId` that it sends with
 * RebootInstance is left out, which ECS ignores and the local cloud, by the document, does not take.
 */
export const terraform: Peer = async (stage) => {
  // AttachKeyPair takes 50 ids, so whoever has more writes several resources.
  const resources = chunks(stage.instanceIds, 50);
  // Terraform goes on with the others when one fails, and fails in the end.
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

/** Of alicloud/common.go: DefaultIntervalShort, DefaultIntervalMedium, DefaultLongTimeout, PageSizeLarge. */
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

/** Until a page has fewer instances than its number: so the last ones are asked for in vain. */
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

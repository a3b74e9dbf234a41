import { mapPool } from '../../shared/lib/pool.ts';
import type { Peer, Stage } from './stage.ts';
import { statusOf } from './status-of.ts';

/**
 * OOS's `ACS-ECS-BulkyAttachKeyPair`. It follows aliyun/oos-templates at
 * 063c6cac34cd772c099b509e0568f3f4861e5e05: PublicTemplates/YAML/ACS-ECS-BulkyAttachKeyPair.yml (selects
 * the targets, then loops with `Concurrency: 10` and `MaxErrors: 0`) and
 * CloudProductActions/ECS/YAML/ACS::ECS::AttachKeyPair.yml (the body of the loop: attach to one instance
 * and ignore the answer, reboot it, wait until it is Running).
 *
 * How OOS selects its targets is not documented. Here it calls DescribeInstances in pages of 100. The
 * time between two tasks is left out.
 */
export const oos: Peer = async (stage) => {
  const ids = await selectTargets(stage);
  let failure: unknown;
  await mapPool(ids, CONCURRENCY, async (id) => {
    // With MaxErrors 0, nothing more begins after the first error.
    if (failure !== undefined) return;
    try {
      await attachOne(stage, id);
    } catch (error) {
      failure ??= error;
    }
  });
  if (failure !== undefined) throw failure;
};

const CONCURRENCY = 10;
const PAGE_SIZE = 100;

async function selectTargets({ call, regionId, instanceIds }: Stage): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < instanceIds.length; from += PAGE_SIZE) {
    const wanted = instanceIds.slice(from, from + PAGE_SIZE);
    const { Instances } = await call<{
      readonly Instances: { readonly Instance: readonly { readonly InstanceId: string }[] };
    }>('DescribeInstances', {
      RegionId: regionId,
      InstanceIds: JSON.stringify(wanted),
      MaxResults: PAGE_SIZE,
    });
    ids.push(...Instances.Instance.map(({ InstanceId }) => InstanceId));
  }
  return ids;
}

async function attachOne(stage: Stage, id: string): Promise<void> {
  const { regionId, keyPairName } = stage;
  await stage.call('AttachKeyPair', {
    RegionId: regionId,
    KeyPairName: keyPairName,
    InstanceIds: JSON.stringify([id]),
  });
  await stage.call('RebootInstance', { InstanceId: id });
  await waitFor(stage, id);
}

/** `Retries` 10 and `DelayType` Exponential, 2^times seconds: https://www.alibabacloud.com/help/en/oos/user-guide/acs-waitfor */
const RETRIES = 10;

async function waitFor(stage: Stage, id: string): Promise<void> {
  for (let times = 0; (await statusOf(stage, id)) !== 'Running';) {
    times += 1;
    if (times > RETRIES) throw new Error(`${id} is not Running`);
    await stage.sleep(2 ** times * 1_000);
  }
}

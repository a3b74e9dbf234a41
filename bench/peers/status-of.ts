import type { Stage } from './stage.ts';

/** One call of DescribeInstances for one instance: what every one of these tools waits with. */
export async function statusOf({ call, regionId }: Stage, id: string): Promise<string | undefined> {
  const { Instances } = await call<{
    readonly Instances: { readonly Instance: readonly { readonly Status: string }[] };
  }>('DescribeInstances', { RegionId: regionId, InstanceIds: JSON.stringify([id]) });
  return Instances.Instance[0]?.Status;
}

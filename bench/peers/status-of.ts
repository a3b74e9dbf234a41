import type { Stage } from './stage.ts';

/** Reads the status of one instance with a call of its own, as all of these tools do while they wait. */
export async function statusOf({ call, regionId }: Stage, id: string): Promise<string | undefined> {
  const { Instances } = await call<{
    readonly Instances: { readonly Instance: readonly { readonly Status: string }[] };
  }>('DescribeInstances', { RegionId: regionId, InstanceIds: JSON.stringify([id]) });
  return Instances.Instance[0]?.Status;
}

import { type EcsCloud, instanceOf } from './cloud.ts';
import { EcsError, refuse } from './errors.ts';
import type { Instance } from './model/instance.ts';
import type { Rule } from './model/rules.ts';

/** RebootInstance, StartInstance, StopInstance and DeleteInstance: one instance or an error. */
export function powerOne(
  cloud: EcsCloud,
  request: { readonly InstanceId: string; readonly DryRun: boolean | undefined },
  rule: Rule,
  apply: (instance: Instance) => void,
): Record<string, never> {
  const instance = instanceOf(cloud, request.InstanceId);
  const error = rule(instance);
  if (error !== undefined) throw new EcsError(error);
  if (request.DryRun === true) refuse('DryRunOperation');
  apply(instance);
  return {};
}

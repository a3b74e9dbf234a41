import { defineAction } from '../action.ts';
import { mayReboot } from '../model/rules.ts';
import { flag } from '../requests/parameters.ts';
import { powerBatch, powerBatchParameters } from '../power-batch.ts';

/** The flag is called `ForceReboot` here, and `ForceStop` in RebootInstance. */
export const rebootInstances = defineAction({
  name: 'RebootInstances',
  access: 'Write',
  parameters: { ...powerBatchParameters, ForceReboot: flag },
  run: (cloud, { InstanceId, BatchOptimization, DryRun }, spoil) =>
    powerBatch(cloud, spoil, {
      instanceIds: InstanceId,
      optimization: BatchOptimization,
      dryRun: DryRun,
      rule: mayReboot,
      apply: (instance) => cloud.lifecycle.reboot(instance),
    }),
});

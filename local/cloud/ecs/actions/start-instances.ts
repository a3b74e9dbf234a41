import { defineAction } from '../action.ts';
import { mayStart } from '../model/rules.ts';
import { powerBatch, powerBatchParameters } from '../power-batch.ts';

export const startInstances = defineAction({
  name: 'StartInstances',
  access: 'Write',
  parameters: powerBatchParameters,
  run: (cloud, { InstanceId, BatchOptimization, DryRun }, spoil) =>
    powerBatch(cloud, spoil, {
      instanceIds: InstanceId,
      optimization: BatchOptimization,
      dryRun: DryRun,
      rule: mayStart,
      apply: (instance) => cloud.lifecycle.start(instance),
    }),
});

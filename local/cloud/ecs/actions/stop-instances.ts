import { defineAction } from '../action.ts';
import { mayStop } from '../model/rules.ts';
import { flag, text } from '../requests/parameters.ts';
import { powerBatch, powerBatchParameters } from '../power-batch.ts';
import { stoppedModeOf } from '../stopped-mode.ts';

export const stopInstances = defineAction({
  name: 'StopInstances',
  access: 'Write',
  parameters: { ...powerBatchParameters, ForceStop: flag, StoppedMode: text },
  run: (cloud, { InstanceId, BatchOptimization, DryRun, StoppedMode }, spoil) => {
    const mode = stoppedModeOf(StoppedMode);
    return powerBatch(cloud, spoil, {
      instanceIds: InstanceId,
      optimization: BatchOptimization,
      dryRun: DryRun,
      rule: mayStop,
      apply: (instance) => cloud.lifecycle.stop(instance, mode),
    });
  },
});

import { defineAction } from '../action.ts';
import { powerBatch, powerBatchParameters } from '../power-batch.ts';
import { mayDelete } from '../model/rules.ts';
import { flag, listOf, ownerAccount, requiredText, text } from '../requests/parameters.ts';
import { release } from '../release.ts';

/** All or none. A client token is not emulated and therefore refused. */
export const deleteInstances = defineAction({
  name: 'DeleteInstances',
  access: 'Write',
  parameters: {
    ...ownerAccount,
    RegionId: requiredText,
    InstanceId: listOf(text),
    Force: flag,
    ForceStop: flag,
    TerminateSubscription: flag,
    DryRun: powerBatchParameters.DryRun,
  },
  run: (cloud, { InstanceId, Force, DryRun }, spoil) => {
    powerBatch(cloud, spoil, {
      instanceIds: InstanceId,
      optimization: 'AllTogether',
      dryRun: DryRun,
      rule: mayDelete(Force === true),
      apply: (instance) => release(cloud, instance),
    });
    return {};
  },
});

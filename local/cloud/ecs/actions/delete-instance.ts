import { defineAction } from '../action.ts';
import { mayDelete } from '../model/rules.ts';
import { flag, ownerAccount, requiredText } from '../requests/parameters.ts';
import { powerOne } from '../power-one.ts';
import { release } from '../release.ts';

export const deleteInstance = defineAction({
  name: 'DeleteInstance',
  access: 'Write',
  parameters: {
    ...ownerAccount,
    InstanceId: requiredText,
    Force: flag,
    ForceStop: flag,
    TerminateSubscription: flag,
    DryRun: flag,
  },
  run: (cloud, values) =>
    powerOne(cloud, values, mayDelete(values.Force === true), (instance) =>
      release(cloud, instance),
    ),
});

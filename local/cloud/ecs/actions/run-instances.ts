import { defineAction } from '../action.ts';
import { runInstancesParameters } from '../launch/launch-parameters.ts';
import { launch } from '../launch/launch.ts';

export const runInstances = defineAction({
  name: 'RunInstances',
  access: 'Write',
  parameters: runInstancesParameters,
  run: (cloud, values) => ({ InstanceIdSets: { InstanceIdSet: launch(cloud, values, true) } }),
});

import { defineAction } from '../action.ts';
import { createInstanceParameters } from '../launch/launch-parameters.ts';
import { launch } from '../launch/launch.ts';

/** Unlike RunInstances it starts nothing: the instance is Pending, then Stopped. */
export const createInstance = defineAction({
  name: 'CreateInstance',
  access: 'Write',
  parameters: createInstanceParameters,
  run: (cloud, values) => ({ InstanceId: launch(cloud, values, false)[0] }),
});

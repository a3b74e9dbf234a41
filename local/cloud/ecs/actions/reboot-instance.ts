import { defineAction } from '../action.ts';
import { mayReboot } from '../model/rules.ts';
import { flag, ownerAccount, requiredText } from '../requests/parameters.ts';
import { powerOne } from '../power-one.ts';

export const rebootInstance = defineAction({
  name: 'RebootInstance',
  access: 'Write',
  parameters: { ...ownerAccount, InstanceId: requiredText, ForceStop: flag, DryRun: flag },
  run: (cloud, values) =>
    powerOne(cloud, values, mayReboot, (instance) => cloud.lifecycle.reboot(instance)),
});

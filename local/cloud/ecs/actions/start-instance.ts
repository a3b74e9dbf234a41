import { defineAction } from '../action.ts';
import { mayStart } from '../model/rules.ts';
import { flag, ownerAccount, requiredText } from '../requests/parameters.ts';
import { powerOne } from '../power-one.ts';

/** Local disks are not emulated, so `InitLocalDisk` wipes nothing. */
export const startInstance = defineAction({
  name: 'StartInstance',
  access: 'Write',
  parameters: { ...ownerAccount, InstanceId: requiredText, InitLocalDisk: flag, DryRun: flag },
  run: (cloud, values) =>
    powerOne(cloud, values, mayStart, (instance) => cloud.lifecycle.start(instance)),
});

import { defineAction } from '../action.ts';
import { mayStop } from '../model/rules.ts';
import { flag, ownerAccount, requiredText, text } from '../requests/parameters.ts';
import { powerOne } from '../power-one.ts';
import { stoppedModeOf } from '../stopped-mode.ts';

/** `ForceStop` takes as long as an orderly stop: there is no disk that could lose anything. */
export const stopInstance = defineAction({
  name: 'StopInstance',
  access: 'Write',
  parameters: {
    ...ownerAccount,
    InstanceId: requiredText,
    ForceStop: flag,
    ConfirmStop: flag,
    StoppedMode: text,
    DryRun: flag,
  },
  run: (cloud, values) => {
    const mode = stoppedModeOf(values.StoppedMode);
    return powerOne(cloud, values, mayStop, (instance) => cloud.lifecycle.stop(instance, mode));
  },
});

import { defineAction } from '../action.ts';
import { EcsError, refuse, vendorError } from '../errors.ts';
import { jsonStrings, owner, requiredText } from '../requests/parameters.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-deletekeypairs */
const MAX_NAMES = 100;

/** A name that does not exist is ignored: the documents list no error for it. */
export const deleteKeyPairs = defineAction({
  name: 'DeleteKeyPairs',
  access: 'Write',
  parameters: { ...owner, RegionId: requiredText, KeyPairNames: requiredText },
  run: (cloud, { KeyPairNames }) => {
    const names = jsonStrings(KeyPairNames);
    if (names === undefined || names.length === 0) {
      return refuse('InvalidKeyPairNames.ValueNotSupported');
    }
    if (names.length > MAX_NAMES) {
      throw new EcsError({
        ...vendorError('InstanceKeyPairLimitExceeded'),
        message: 'Exceeding the allowed amount of instance which will be deleted.',
      });
    }
    const doomed = new Set(names);
    for (const { keyPairName } of cloud.fleet.all()) {
      if (keyPairName !== null && doomed.has(keyPairName)) {
        refuse('InvalidParameter.KeypairAlreadyAttachedInstance');
      }
    }
    for (const name of doomed) cloud.keyPairs.delete(name);
    return {};
  },
});

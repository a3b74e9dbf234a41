import { defineAction } from '../action.ts';
import { vendorError } from '../errors.ts';
import { keyPairBatch, keyPairBatchParameters } from '../key-pair-batch.ts';
import { mayChangeKeyPair } from '../model/rules.ts';

/**
 * An instance that has another key pair, or none, fails on its own. The documents do not say what happens to
 * it, and a success would hide that the other key pair stays bound.
 */
export const detachKeyPair = defineAction({
  name: 'DetachKeyPair',
  access: 'Write',
  parameters: keyPairBatchParameters,
  run: (cloud, values, spoil) =>
    keyPairBatch(cloud, spoil, values, {
      failureOf: (instance) =>
        mayChangeKeyPair(instance) ??
        (instance.keyPairName === values.KeyPairName
          ? undefined
          : vendorError('InvalidInstanceIds.ValueNotSupported')),
      apply: (instance) => {
        instance.keyPairName = null;
      },
    }),
});

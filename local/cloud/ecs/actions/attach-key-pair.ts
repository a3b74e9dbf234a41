import { defineAction } from '../action.ts';
import { keyPairBatch, keyPairBatchParameters } from '../key-pair-batch.ts';
import { mayChangeKeyPair } from '../model/rules.ts';

/** A new key pair takes the place of an older one; the same one again is a success. */
export const attachKeyPair = defineAction({
  name: 'AttachKeyPair',
  access: 'Write',
  parameters: keyPairBatchParameters,
  run: (cloud, values, spoil) =>
    keyPairBatch(cloud, spoil, values, {
      failureOf: mayChangeKeyPair,
      apply: (instance) => {
        instance.keyPairName = values.KeyPairName;
      },
    }),
});

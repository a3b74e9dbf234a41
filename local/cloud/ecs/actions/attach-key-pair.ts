import { defineAction } from '../action.ts';
import { keyPairBatch, keyPairBatchParameters } from '../key-pair-batch.ts';
import { mayChangeKeyPair } from '../model/rules.ts';

/** A new key pair replaces the old one. Attaching the same one again succeeds. */
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

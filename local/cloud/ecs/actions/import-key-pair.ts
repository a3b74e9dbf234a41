import { defineAction } from '../action.ts';
import { addKeyPair } from '../add-key-pair.ts';
import { refuse } from '../errors.ts';
import { parseSshPublicKey } from '../model/ssh-public-key.ts';
import { owner, requiredText, tags, text } from '../requests/parameters.ts';

export const importKeyPair = defineAction({
  name: 'ImportKeyPair',
  access: 'Write',
  parameters: {
    ...owner,
    RegionId: requiredText,
    KeyPairName: requiredText,
    PublicKeyBody: requiredText,
    ResourceGroupId: text,
    Tag: tags,
  },
  run: (cloud, values) => {
    const publicKey =
      parseSshPublicKey(values.PublicKeyBody) ?? refuse('InvalidPublicKeyBody.Malformed');
    const pair = addKeyPair(cloud, values, () => publicKey);
    return { KeyPairName: pair.name, KeyPairFingerPrint: pair.publicKey.fingerprint };
  },
});

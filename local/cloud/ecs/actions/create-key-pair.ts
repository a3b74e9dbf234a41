import { defineAction } from '../action.ts';
import { addKeyPair } from '../add-key-pair.ts';
import { generateRsa } from '../model/ssh-public-key.ts';
import { owner, requiredText, tags, text } from '../requests/parameters.ts';

/** The private key is in this answer and nowhere else. */
export const createKeyPair = defineAction({
  name: 'CreateKeyPair',
  access: 'Write',
  parameters: {
    ...owner,
    RegionId: requiredText,
    KeyPairName: requiredText,
    ResourceGroupId: text,
    Tag: tags,
  },
  run: (cloud, values) => {
    let privateKeyPem = '';
    const pair = addKeyPair(cloud, values, () => {
      const made = generateRsa();
      privateKeyPem = made.privateKeyPem;
      return made.publicKey;
    });
    return {
      KeyPairId: cloud.fleet.freshId().replace('i-', 'ssh-'),
      KeyPairName: pair.name,
      KeyPairFingerPrint: pair.publicKey.fingerprint,
      PrivateKeyBody: privateKeyPem,
    };
  },
});

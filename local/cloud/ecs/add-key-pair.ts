import type { EcsCloud } from './cloud.ts';
import { refuse } from './errors.ts';
import { isKeyPairName, type KeyPair, MAX_KEY_PAIRS } from './model/key-pairs.ts';
import type { SshPublicKey } from './model/ssh-public-key.ts';
import { type GivenTags, readTags } from './model/tags.ts';

interface NewKeyPair {
  readonly KeyPairName: string;
  readonly ResourceGroupId: string | undefined;
  readonly Tag: GivenTags | undefined;
}

/**
 * Records a key pair. Its key is made only after all checks have passed.
 *
 * @throws {EcsError} when the name is malformed or taken, or when there are too many
 */
export function addKeyPair(
  cloud: EcsCloud,
  request: NewKeyPair,
  publicKey: () => SshPublicKey,
): KeyPair {
  const { KeyPairName: name, ResourceGroupId, Tag } = request;
  if (!isKeyPairName(name)) refuse('InvalidKeyPairName.Malformed');
  const tags = readTags(Tag);
  if (cloud.keyPairs.has(name)) refuse('KeyPair.AlreadyExist');
  if (cloud.keyPairs.size >= MAX_KEY_PAIRS) refuse('QuotaExceed.KeyPair');
  const pair: KeyPair = {
    name,
    publicKey: publicKey(),
    createdMs: cloud.kernel.clock.nowMs(),
    resourceGroupId: ResourceGroupId ?? '',
    tags,
  };
  cloud.keyPairs.set(name, pair);
  return pair;
}

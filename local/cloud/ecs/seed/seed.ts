import type { EcsCloud } from '../cloud.ts';
import { isKeyPairName, type KeyPair, MAX_KEY_PAIRS } from '../model/key-pairs.ts';
import { parseSshPublicKey, publicKeyNamed } from '../model/ssh-public-key.ts';
import { SeedFields } from './seed-check.ts';
import { type InstanceSeed, instancesOf } from './seed-instance.ts';

export interface FleetSeed {
  /** Without a public key it gets one derived from its name, the same in every local cloud. */
  readonly keyPairs?: readonly { readonly name: string; readonly publicKey?: string }[];
  readonly instances?: readonly InstanceSeed[];
}

/**
 * Adds instances and key pairs without publishing events, as if they had always existed.
 *
 * @returns what was added, in the order given
 * @throws {SeedError} with the field, its value and the rule; nothing is changed then
 */
export function seedFleet(
  cloud: EcsCloud,
  fleet: FleetSeed,
): { instanceIds: string[]; keyPairNames: string[] } {
  const fields = new SeedFields('', fleet, ['keyPairs', 'instances']);
  const pairs = new Map<string, KeyPair>();
  for (const [index, seed] of fields.list('keyPairs').entries()) {
    const pair = keyPairOf(cloud, `keyPairs[${index}]`, seed, pairs);
    pairs.set(pair.name, pair);
  }
  const isKeyPair = (name: string) => pairs.has(name) || cloud.keyPairs.has(name);
  const ids = new Set<string>();
  const made = fields
    .list('instances')
    .flatMap((seed, index) => instancesOf(cloud, `instances[${index}]`, seed, isKeyPair, ids));

  for (const [name, pair] of pairs) cloud.keyPairs.set(name, pair);
  for (const instance of made) cloud.lifecycle.resume(cloud.fleet.add(instance));
  return { instanceIds: made.map(({ id }) => id), keyPairNames: [...pairs.keys()] };
}

function keyPairOf(
  cloud: EcsCloud,
  path: string,
  seed: unknown,
  earlier: ReadonlyMap<string, KeyPair>,
): KeyPair {
  const fields = new SeedFields(path, seed, ['name', 'publicKey']);
  const name = fields.text('name') ?? fields.refuse('name', 'must be given');
  if (!isKeyPairName(name)) fields.refuse('name', 'not a name that ECS takes');
  if (earlier.has(name) || cloud.keyPairs.has(name)) fields.refuse('name', 'taken');
  if (earlier.size + cloud.keyPairs.size >= MAX_KEY_PAIRS) {
    fields.refuse('name', `more than ${MAX_KEY_PAIRS} key pairs`);
  }
  const given = fields.text('publicKey');
  const publicKey = given === undefined ? publicKeyNamed(name) : parseSshPublicKey(given);
  return {
    name,
    publicKey: publicKey ?? fields.refuse('publicKey', 'not a public key in the form of OpenSSH'),
    createdMs: cloud.kernel.clock.nowMs(),
    resourceGroupId: '',
    tags: new Map(),
  };
}

import type { Kernel } from '../kernel/kernel.ts';
import { refuse } from './errors.ts';
import type { Fleet } from './model/fleet.ts';
import type { Instance } from './model/instance.ts';
import type { KeyPair, KeyPairs } from './model/key-pairs.ts';
import type { Lifecycle } from './model/lifecycle.ts';

/** What the actions work on. */
export interface EcsCloud {
  readonly kernel: Kernel;
  readonly fleet: Fleet;
  readonly keyPairs: KeyPairs;
  readonly lifecycle: Lifecycle;
  /** Launches by client token, so that a repeated call makes no second instance. */
  readonly launches: Map<string, { readonly parameters: string; readonly instanceIds: string[] }>;
}

/** @throws {EcsError} InvalidInstanceId.NotFound */
export function instanceOf(cloud: EcsCloud, id: string): Instance {
  return cloud.fleet.find(id) ?? refuse('InvalidInstanceId.NotFound');
}

/** @throws {EcsError} InvalidKeyPairName.NotFound */
export function keyPairOf(cloud: EcsCloud, name: string): KeyPair {
  return cloud.keyPairs.get(name) ?? refuse('InvalidKeyPairName.NotFound');
}

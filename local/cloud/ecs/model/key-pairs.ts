import type { SshPublicKey } from './ssh-public-key.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-importkeypair */
export const MAX_KEY_PAIRS = 500;

export interface KeyPair {
  readonly name: string;
  readonly publicKey: SshPublicKey;
  readonly createdMs: number;
  readonly resourceGroupId: string;
  readonly tags: Map<string, string>;
}

export type KeyPairs = Map<string, KeyPair>;

/** 2 to 128 characters; letters of any script, digits and `:_.-`; a letter first; not like a URL. */
export function isKeyPairName(name: string): boolean {
  return /^\p{L}[\p{L}\p{N}:_.-]{1,127}$/u.test(name) && !/^https?:\/\//.test(name);
}

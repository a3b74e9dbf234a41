import type { RevokedKeyPair } from '../domain/model/policy.ts';

/**
 * Which entry of the policy revokes a key pair; null when none does.
 *
 * @param keyPair.fingerprint null: every key pair of this name
 */
export function revocationOf(
  keyPair: { readonly name: string; readonly fingerprint: string | null },
  revoked: readonly RevokedKeyPair[],
): string | null {
  const index = revoked.findIndex(
    ({ name, fingerprint }) =>
      name === keyPair.name && (fingerprint === null || fingerprint === keyPair.fingerprint),
  );
  return index === -1 ? null : `/revokedKeyPairs/${index} revokes it`;
}

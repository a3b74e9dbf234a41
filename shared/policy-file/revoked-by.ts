import type { RevokedKeyPair } from '../domain/model/policy.ts';

/**
 * Why a key pair must not be given to anybody; null when it may.
 *
 * @param keyPair.fingerprint null: whatever key pair has the name
 */
export function revokedBy(
  revoked: readonly RevokedKeyPair[],
  keyPair: { readonly name: string; readonly fingerprint: string | null },
): string | null {
  const index = revoked.findIndex(
    ({ name, fingerprint }) =>
      name === keyPair.name && (fingerprint === null || fingerprint === keyPair.fingerprint),
  );
  return index === -1 ? null : `/revokedKeyPairs/${index} revokes it`;
}

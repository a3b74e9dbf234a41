import type { RevokedKeyPair } from '../../shared/domain/model/policy.ts';
import type { Channel } from '../../shared/domain/policy/rules.ts';

/** A key pair that is revoked by a deployment while rollouts run. */
export interface Revocation extends RevokedKeyPair {
  readonly atMs: number;
}

/** The parts of the policy that change, and the channels that are told. */
export class ModelPolicy {
  readonly channels: readonly Channel[];
  readonly #revocations: readonly Revocation[];

  constructor(channels: readonly Channel[], revocations: readonly Revocation[]) {
    this.channels = channels;
    this.#revocations = revocations;
  }

  /** For an invocation that begins at that time. */
  revokedAt(atMs: number): readonly RevokedKeyPair[] {
    return this.#revocations.filter((one) => one.atMs <= atMs);
  }

  isRevoked(keyPairName: string, atMs: number): boolean {
    return this.revokedAt(atMs).some(({ name }) => name === keyPairName);
  }
}

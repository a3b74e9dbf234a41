import type { RevokedKeyPair } from '../../shared/domain/model/policy.ts';
import type { NoticeKind } from '../../shared/domain/model/rollout.ts';
import type { Channel } from '../../shared/domain/policy/rules.ts';
import type { Random } from './random.ts';

/** A key pair that is revoked by a deployment in the middle of everything. */
export interface Revocation extends RevokedKeyPair {
  readonly atMs: number;
}

/** What of the policy changes, and who is told. */
export class ModelPolicy {
  readonly channels: readonly Channel[];
  readonly #revocations: readonly Revocation[];

  constructor(channels: readonly Channel[], revocations: readonly Revocation[]) {
    this.channels = channels;
    this.#revocations = revocations;
  }

  /** For whoever begins then. */
  revokedAt(atMs: number): readonly RevokedKeyPair[] {
    return this.#revocations.filter((one) => one.atMs <= atMs);
  }

  isRevoked(keyPairName: string, atMs: number): boolean {
    return this.revokedAt(atMs).some(({ name }) => name === keyPairName);
  }
}

const KINDS: readonly NoticeKind[] = ['approval-needed', 'break-glass', 'halted', 'ended'];

export function drawChannels(random: Random): Channel[] {
  const ids = ['pager', 'log'].slice(0, random.between(0, 2));
  return ids.map((id) => ({ id, on: random.chance(0.7) ? KINDS : random.some(KINDS, 0.5) }));
}

export function drawRevocations(
  random: Random,
  keyPairNames: readonly string[],
  nowMs: number,
): Revocation[] {
  if (!random.chance(0.12)) return [];
  // Most rollouts are in the middle of it then.
  const atMs = nowMs + random.between(1, random.chance(0.5) ? 60 : 900) * 1_000;
  return [{ name: random.pick(keyPairNames), fingerprint: null, reason: 'it leaked', atMs }];
}

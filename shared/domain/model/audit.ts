import type { InstanceId } from './instance.ts';
import type { HistoryEntry, Rollout } from './rollout.ts';
import type { Door } from './request.ts';

/** A history entry that is kept for good: append-only, and apart from the rollout. */
export interface AuditEntry extends HistoryEntry {
  readonly rolloutId: string;
  readonly regionId: string;
  readonly keyPairName: string;
  readonly door: Door;
  /** A webhook client, a person, or a launch rule. */
  readonly client: string;
  /** All instances of the rollout, in its first entry only; else null. */
  readonly instanceIds: readonly InstanceId[] | null;
}

export interface AuditTrail {
  /** Safe to repeat: one entry is one row. */
  append(entries: readonly AuditEntry[]): Promise<void>;
}

/** The history entries that a save added. For a created rollout: all. */
export function newAuditEntries(before: Rollout | undefined, after: Rollout): AuditEntry[] {
  const known = before?.history.at(-1)?.seq ?? -1;
  return auditEntriesOf(after).filter(({ seq }) => seq > known);
}

/** All entries that the rollout's history still holds. */
export function auditEntriesOf(rollout: Rollout): AuditEntry[] {
  const { rolloutId, request, keyPair, origin, history, instances } = rollout;
  return history.map((entry) => ({
    ...entry,
    rolloutId,
    regionId: request.regionId,
    keyPairName: keyPair.name,
    door: origin.door,
    client: origin.client,
    instanceIds: entry.seq === 0 ? instances.map(({ instanceId }) => instanceId) : null,
  }));
}

import type { InstanceId } from './instance.ts';
import type { HistoryEntry, Rollout } from './rollout.ts';
import type { Door } from './request.ts';

/** One thing that happened, as it is kept for good: append-only, and apart from the rollout. */
export interface AuditEntry extends HistoryEntry {
  readonly rolloutId: string;
  readonly regionId: string;
  readonly keyPairName: string;
  readonly door: Door;
  /** A webhook client, a person, or a launch rule. */
  readonly client: string;
  /** Of the whole rollout, with its first entry; else null. */
  readonly instanceIds: readonly InstanceId[] | null;
}

export interface AuditTrail {
  /** Safe to repeat: the same entry is the same row. */
  append(entries: readonly AuditEntry[]): Promise<void>;
}

/** What a save added to the history; all of it for a rollout that was created. */
export function newAuditEntries(before: Rollout | undefined, after: Rollout): AuditEntry[] {
  const known = before?.history.at(-1)?.seq ?? -1;
  return auditEntriesOf(after).filter(({ seq }) => seq > known);
}

/** Everything that the rollout still knows of itself. */
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

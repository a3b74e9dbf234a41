import type { InstanceId, InstanceMemory } from '../../shared/domain/instance.ts';
import type { InstanceMemories, Rollouts } from '../../shared/domain/ports.ts';
import type { Rollout } from '../../shared/domain/rollout.ts';

/** The `rollouts` and `index` tables in memory. Rows are copies: nobody shares what is stored. */
export class ModelRollouts implements Rollouts {
  readonly #rows = new Map<string, Rollout>();
  readonly #open = new Map<string, number>();
  saves = 0;

  async create(rollout: Rollout): Promise<'created' | 'exists'> {
    this.#open.set(rollout.rolloutId, rollout.createdAtMs);
    if (this.#rows.has(rollout.rolloutId)) return 'exists';
    this.#rows.set(rollout.rolloutId, structuredClone(rollout));
    return 'created';
  }

  async load(rolloutId: string): Promise<Rollout | undefined> {
    return structuredClone(this.#rows.get(rolloutId));
  }

  async save(before: Rollout, after: Rollout): Promise<'saved' | 'conflict'> {
    if (after.version !== before.version + 1) {
      throw new RangeError(`Cannot save version ${after.version} over ${before.version}`);
    }
    if (this.#rows.get(before.rolloutId)?.version !== before.version) return 'conflict';
    this.#rows.set(after.rolloutId, structuredClone(after));
    this.saves += 1;
    return 'saved';
  }

  async open() {
    return [...this.#open]
      .map(([rolloutId, createdAtMs]) => ({ rolloutId, createdAtMs }))
      .toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  }

  async close({ rolloutId }: { readonly rolloutId: string }): Promise<void> {
    this.#open.delete(rolloutId);
  }
}

/** The `instances` table in memory. */
export class ModelMemories implements InstanceMemories {
  readonly #rows = new Map<InstanceId, InstanceMemory>();

  async recall(instanceIds: readonly InstanceId[]) {
    const known = instanceIds.flatMap((id) => this.#rows.get(id) ?? []);
    return new Map(known.map((memory) => [memory.instanceId, structuredClone(memory)]));
  }

  async hold(rolloutId: string, instanceIds: readonly InstanceId[]) {
    const taken = new Map<InstanceId, string>();
    for (const instanceId of instanceIds) {
      const row = this.#rows.get(instanceId) ?? nothingOf(instanceId);
      if (row.holder !== null && row.holder !== rolloutId) taken.set(instanceId, row.holder);
      else this.#rows.set(instanceId, { ...row, holder: rolloutId });
    }
    return taken;
  }

  async release(rolloutId: string, memories: readonly InstanceMemory[]): Promise<void> {
    for (const memory of memories) {
      const row = this.#rows.get(memory.instanceId);
      if (row?.holder !== rolloutId) continue;
      this.#rows.set(memory.instanceId, {
        ...row,
        holder: null,
        bound: memory.bound ?? row.bound,
        readyAtMs: memory.readyAtMs ?? row.readyAtMs,
        doubtAtMs: memory.doubtAtMs ?? row.doubtAtMs,
        previousKeyPairName:
          memory.bound === null ? row.previousKeyPairName : memory.previousKeyPairName,
      });
    }
  }

  async witness(instanceId: InstanceId, notRunningAtMs: number): Promise<void> {
    const row = this.#rows.get(instanceId);
    if (row === undefined || row.holder === null) return;
    if (notRunningAtMs <= (row.notRunningAtMs ?? 0)) return;
    this.#rows.set(instanceId, { ...row, notRunningAtMs });
  }
}

function nothingOf(instanceId: InstanceId): InstanceMemory {
  return {
    instanceId,
    holder: null,
    bound: null,
    readyAtMs: null,
    doubtAtMs: null,
    previousKeyPairName: null,
    notRunningAtMs: null,
  };
}

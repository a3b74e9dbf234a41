import type {
  InstanceId,
  InstanceMemory,
  LaunchClaim,
} from '../../shared/domain/model/instance.ts';
import type { InstanceMemories } from '../../shared/domain/model/ports.ts';

/** The `instances` table in memory. */
export class ModelMemories implements InstanceMemories {
  readonly #rows = new Map<InstanceId, InstanceMemory>();

  async recall(instanceIds: readonly InstanceId[]) {
    const known = instanceIds.flatMap((id) => this.#rows.get(id) ?? []);
    return new Map(known.map((memory) => [memory.instanceId, memory]));
  }

  /** What is stored now; counts as no call. */
  peek(instanceId: InstanceId): InstanceMemory | undefined {
    return this.#rows.get(instanceId);
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

  async claimLaunch(
    rolloutId: string,
    instanceIds: readonly InstanceId[],
    ownerUntilMs: number,
    dead?: ReadonlyMap<InstanceId, LaunchClaim>,
  ) {
    const claims = new Map<InstanceId, LaunchClaim>();
    for (const instanceId of instanceIds) {
      const row = this.#rows.get(instanceId) ?? nothingOf(instanceId);
      const [had, given] = [row.launch, dead?.get(instanceId)];
      const isDead =
        had?.rolloutId === given?.rolloutId && had?.ownerUntilMs === given?.ownerUntilMs;
      const isFree = had === null || had.rolloutId === rolloutId || isDead;
      const launch = isFree ? { rolloutId, ownerUntilMs } : had;
      this.#rows.set(instanceId, { ...row, launch });
      claims.set(instanceId, launch);
    }
    return claims;
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
    launch: null,
  };
}

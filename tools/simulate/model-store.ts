import type {
  InstanceId,
  InstanceMemory,
  LaunchClaim,
} from '../../shared/domain/model/instance.ts';
import type {
  InstanceMemories,
  OpenEntry,
  PlanMemory,
  RequestLedger,
  RolloutEntry,
  Rollouts,
} from '../../shared/domain/model/ports.ts';
import type { PlanSummary } from '../../shared/domain/model/plan.ts';
import type { Origin } from '../../shared/domain/model/request.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';

/** The `rollouts` and `index` tables in memory. Rows are shared: nothing of a rollout is ever changed. */
export class ModelRollouts implements Rollouts {
  readonly #rows = new Map<string, Rollout>();
  /** A rollout that was taken up again has a place of its own for that. */
  readonly #open = new Map<string, RolloutEntry>();
  saves = 0;

  async create(rollout: Rollout): Promise<'created' | 'exists'> {
    this.#list(rollout);
    if (this.#rows.has(rollout.rolloutId)) return 'exists';
    this.#rows.set(rollout.rolloutId, rollout);
    return 'created';
  }

  async load(rolloutId: string): Promise<Rollout | undefined> {
    return this.#rows.get(rolloutId);
  }

  /** As it is, without a call. */
  peek(rolloutId: string): Rollout | undefined {
    return this.#rows.get(rolloutId);
  }

  all(): readonly Rollout[] {
    return [...this.#rows.values()];
  }

  isListed(rolloutId: string): boolean {
    return [...this.#open.values()].some((entry) => entry.rolloutId === rolloutId);
  }

  /** What a creation left behind that died between its two writes. */
  listOnly(rolloutId: string, createdAtMs: number): void {
    this.#list({ rolloutId, createdAtMs });
  }

  #list({ rolloutId, createdAtMs }: RolloutEntry): void {
    this.#open.set(`${createdAtMs} ${rolloutId}`, { rolloutId, createdAtMs });
  }

  async save(before: Rollout, after: Rollout): Promise<'saved' | 'conflict'> {
    if (after.version !== before.version + 1) {
      throw new RangeError(`Cannot save version ${after.version} over ${before.version}`);
    }
    if (this.#rows.get(before.rolloutId)?.version !== before.version) return 'conflict';
    this.#rows.set(after.rolloutId, after);
    this.saves += 1;
    return 'saved';
  }

  async open() {
    return [...this.#open.values()].toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  }

  async close({ rolloutId, createdAtMs }: RolloutEntry): Promise<void> {
    this.#open.delete(`${createdAtMs} ${rolloutId}`);
  }

  async reopen({ rolloutId, createdAtMs }: OpenEntry): Promise<void> {
    this.#list({ rolloutId, createdAtMs });
  }

  async countOpen(
    { door, client }: Pick<Origin, 'door' | 'client'>,
    atMost: number,
  ): Promise<number> {
    const open = new Set([...this.#open.values()].map(({ rolloutId }) => rolloutId));
    const theirs = [...open].filter((rolloutId) => {
      const origin = this.#rows.get(rolloutId)?.origin;
      return origin?.door === door && origin.client === client;
    });
    return Math.min(theirs.length, atMost);
  }

  async newest(limit: number, after?: RolloutEntry): Promise<readonly RolloutEntry[]> {
    return [...this.#rows.values()]
      .filter(({ createdAtMs }) => after === undefined || createdAtMs < after.createdAtMs)
      .toSorted((a, b) => b.createdAtMs - a.createdAtMs)
      .slice(0, limit)
      .map(({ rolloutId, createdAtMs }) => ({ rolloutId, createdAtMs }));
  }
}

/** The `requests` table in memory. */
export class ModelLedger implements RequestLedger {
  readonly #rows = new Map<string, { readonly digest: string; isDone: boolean }>();

  async take(client: string, requestId: string, bodyDigest: string) {
    const key = `${client} ${requestId}`;
    const row = this.#rows.get(key) ?? { digest: bodyDigest, isDone: false };
    this.#rows.set(key, row);
    if (row.digest !== bodyDigest) return 'another';
    return row.isDone ? 'done' : 'open';
  }

  async finish(client: string, requestId: string): Promise<void> {
    const row = this.#rows.get(`${client} ${requestId}`);
    if (row !== undefined) row.isDone = true;
  }
}

/** The `plans` table in memory. */
export class ModelPlans implements PlanMemory {
  readonly #rows = new Map<string, PlanSummary>();

  async remember(digest: string, summary: PlanSummary): Promise<void> {
    this.#rows.set(digest, summary);
  }

  async recall(digest: string): Promise<PlanSummary | undefined> {
    return this.#rows.get(digest);
  }
}

/** The `instances` table in memory. */
export class ModelMemories implements InstanceMemories {
  readonly #rows = new Map<InstanceId, InstanceMemory>();

  async recall(instanceIds: readonly InstanceId[]) {
    const known = instanceIds.flatMap((id) => this.#rows.get(id) ?? []);
    return new Map(known.map((memory) => [memory.instanceId, memory]));
  }

  /** As it is, without a call. */
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

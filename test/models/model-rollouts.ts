import type { OpenEntry, RolloutEntry, Rollouts } from '../../shared/domain/model/ports.ts';
import type { Origin } from '../../shared/domain/model/request.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';

/** The `rollouts` and `index` tables in memory. Rows are shared, because no rollout is ever changed in place. */
export class ModelRollouts implements Rollouts {
  readonly #rows = new Map<string, Rollout>();
  /** By creation time and id, so a rollout that is opened again gets a second place. */
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

  /** What is stored now; counts as no call. */
  peek(rolloutId: string): Rollout | undefined {
    return this.#rows.get(rolloutId);
  }

  all(): readonly Rollout[] {
    return [...this.#rows.values()];
  }

  isListed(rolloutId: string): boolean {
    return [...this.#open.values()].some((entry) => entry.rolloutId === rolloutId);
  }

  /** What is left when a creation died between its two writes. */
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

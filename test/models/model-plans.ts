import type { PlanSummary } from '../../shared/domain/model/plan.ts';
import type { PlanMemory } from '../../shared/domain/model/ports.ts';

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

import type { Fault } from '../kernel/faults.ts';
import type { CloudEvent, Kernel } from '../kernel/kernel.ts';
import type { Courier } from './courier.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import { type Counts, type EventRule, noCounts } from './targets.ts';

/** https://help.aliyun.com/en/eventbridge/product-overview/limits; a page of FC's says 10. */
const MAX_RULES = 50;

/** How long a reordered event waits for another event to overtake it. Our own choice. */
const REORDER_HOLD_MS = 5_000;

interface KeptRule {
  readonly rule: EventRule;
  readonly matches: Pattern;
  readonly counts: Counts;
  /** Reordered events. Each waits until another event of the rule has been delivered. */
  readonly held: Set<() => void>;
}

/**
 * The rules of the default bus. Every event goes to every rule that matches. Deliveries are independent and
 * have no order, as in the real bus. `errorsTolerance: NONE` stops streams only, not rules.
 */
export class Rules {
  readonly #kernel: Kernel;
  readonly #courier: Courier;
  readonly #rules: KeptRule[] = [];

  constructor(kernel: Kernel, courier: Courier) {
    this.#kernel = kernel;
    this.#courier = courier;
  }

  /**
   * @throws {PatternError}
   * @throws {Error} when the bus has its maximum of rules
   */
  add(rule: EventRule): void {
    const matches = compilePattern(rule.pattern);
    if (this.#rules.length === MAX_RULES) {
      throw new Error(`Cannot add rule "${rule.name}": the bus has ${MAX_RULES} rules`);
    }
    this.#rules.push({ rule, matches, counts: noCounts(), held: new Set() });
  }

  publish(event: CloudEvent): void {
    // A copy, because the publisher may change its object later.
    const copy = JSON.parse(JSON.stringify(event)) as CloudEvent;
    for (const kept of this.#rules) if (kept.matches(copy)) this.#dispatch(kept, copy);
  }

  state(): unknown {
    return this.#rules.map(({ rule, counts }) => ({
      name: rule.name,
      functionName: rule.functionName,
      pattern: rule.pattern,
      ...counts,
    }));
  }

  #dispatch(kept: KeptRule, event: CloudEvent): void {
    const { faults, settings, random } = this.#kernel;
    const { functionName, name } = kept.rule;
    const struck = faults.strike('eventbridge', 'Deliver', functionName, name);
    const { copies, lateMs, scatterMs, reorder } = effectOf(struck);
    for (let copy = 0; copy < copies; copy++) {
      const deliver = () => void this.#deliver(kept, event);
      if (reorder) {
        this.#hold(kept, deliver);
        continue;
      }
      const scatteredMs = scatterMs === 0 ? 0 : Math.floor(random() * scatterMs);
      this.#courier.later(settings.eventbridge.deliveryDelayMs + lateMs + scatteredMs, deliver);
    }
  }

  async #deliver({ rule, counts, held }: KeptRule, event: CloudEvent): Promise<void> {
    const raw = JSON.stringify(event);
    const payload = rule.eventSchema === 'RawData' ? JSON.stringify(event['data'] ?? null) : raw;
    const afterFirstAttempt = () => {
      for (const release of held) release();
    };
    const end = await this.#courier.push(rule, payload, counts, { afterFirstAttempt });
    if (end === 'delivered') counts.delivered += 1;
    if (end === 'exhausted') this.#courier.giveUp(rule, [raw], counts);
  }

  #hold({ held }: KeptRule, deliver: () => void): void {
    const release = () => {
      held.delete(release);
      cancel();
      deliver();
    };
    const cancel = this.#courier.later(REORDER_HOLD_MS, release);
    held.add(release);
  }
}

function effectOf(faults: readonly Fault[]) {
  const effect = { copies: 1, lateMs: 0, scatterMs: 0, reorder: false };
  for (const fault of faults) {
    if (fault.kind === 'duplicate') effect.copies = fault.copies ?? 2;
    if (fault.kind === 'delay') effect.lateMs += fault.delayMs;
    if (fault.kind === 'scatter') effect.scatterMs = Math.max(effect.scatterMs, fault.delayMs);
    if (fault.kind === 'reorder') effect.reorder = true;
  }
  return effect;
}

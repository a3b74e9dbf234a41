import type { Rollout, RolloutInstance } from '../../../shared/domain/model/rollout.ts';
import { Judge } from './judge.ts';

interface Result {
  readonly rolloutId: string;
  readonly instanceId: string;
  readonly keyPairName: string;
  readonly outcome: { readonly kind: string; readonly reason?: string; readonly code?: string };
  readonly next: string;
}

/** Judges results: each one was saved before it was published, and none is missing. */
export class ResultReferee extends Judge {
  /** Every version of every rollout, oldest first. Rows are shared, so this costs little. */
  readonly #versions = new Map<string, Rollout[]>();
  /** Each rollout, instance and outcome that was published. */
  readonly #published = new Set<string>();

  saved(rollout: Rollout): void {
    const versions = this.#versions.get(rollout.rolloutId) ?? [];
    this.#versions.set(rollout.rolloutId, versions);
    versions.push(rollout);
  }

  sent(body: string): void {
    const message = JSON.parse(body) as Partial<Result> & { readonly schema: string };
    if (message.schema !== 'latchkey.result/1') return;
    const { rolloutId, instanceId, outcome, next } = message as Result;
    const matches = this.#versions.get(rolloutId)?.findLast(({ instances }) => {
      const one = instances.find((instance) => instance.instanceId === instanceId);
      return one !== undefined && wordsOf(one) === wordsIn(outcome) && nextOf(one) === next;
    });
    if (matches === undefined) {
      this.fail(`${instanceId} is published as ${wordsIn(outcome)}, which was never saved`);
    }
    this.#published.add(`${rolloutId} ${instanceId} ${wordsIn(outcome)}`);
  }

  judgeTheEnd({ rolloutId, instances, approval }: Rollout): void {
    // Nothing is published before the approval.
    if (approval?.state === 'waiting') return;
    for (const one of instances) {
      const { kind } = one.attach;
      if (kind !== 'attached' && kind !== 'failed' && kind !== 'skipped') continue;
      if (this.#published.has(`${rolloutId} ${one.instanceId} ${wordsOf(one)}`)) continue;
      this.fail(`${one.instanceId} ended as ${wordsOf(one)}, which was never published`);
    }
  }
}

const NOT_OVER = 'not over';

function wordsOf({ attach }: RolloutInstance): string {
  return ['attached', 'failed', 'skipped'].includes(attach.kind) ? wordsIn(attach) : NOT_OVER;
}

function wordsIn({ kind, code, reason }: Result['outcome']): string {
  return [kind, code ?? reason ?? ''].join(' ').trim();
}

function nextOf({ restart }: RolloutInstance): string {
  return restart.kind === 'none' ? 'none' : restart.how;
}

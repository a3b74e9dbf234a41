import type { HistoryEntry, Rollout } from '../../../shared/domain/model/rollout.ts';
import type { Invocation } from '../world/invocation.ts';
import { Judge } from './judge.ts';

interface Heard {
  readonly rolloutId: string;
  readonly requestId: string;
  readonly invocation: Invocation;
}

/** Judges the history: it has every call that was answered, and no other. */
export class HistoryReferee extends Judge {
  readonly #entries = new Map<string, HistoryEntry[]>();
  /** Restart calls whose answers reached their invocation. */
  readonly #heard: Heard[] = [];

  saved(before: Rollout | undefined, after: Rollout): void {
    if (before?.history === after.history) return;
    const { rolloutId, history } = after;
    const known = this.#entries.get(rolloutId) ?? [];
    this.#entries.set(rolloutId, known);
    const fresh = history.slice(history.findLastIndex(({ seq }) => seq < known.length) + 1);
    for (const entry of fresh) {
      if (entry.seq !== known.length) this.fail(`the history leaves out entry ${known.length}`);
      known.push(entry);
      const isCall = entry.what === 'rebooted' || entry.what === 'started';
      if (isCall && !this.#heard.some(({ requestId }) => requestId === entry.requestId)) {
        this.fail(`the history has a call "${entry.requestId}" that nobody answered`);
      }
    }
  }

  answered(rolloutId: string, requestId: string, invocation: Invocation): void {
    this.#heard.push({ rolloutId, requestId, invocation });
  }

  judgeTheEnd(): void {
    for (const { rolloutId, requestId, invocation } of this.#heard) {
      // An invocation that died or failed after the answer could not save it.
      if (invocation.end !== 'answered') continue;
      const isKept = this.#entries.get(rolloutId)?.some((entry) => entry.requestId === requestId);
      if (isKept !== true) this.fail(`the history leaves out the call "${requestId}"`);
    }
  }
}

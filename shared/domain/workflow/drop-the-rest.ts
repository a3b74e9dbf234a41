import type { Draft } from './draft.ts';

/** Drops every attach and restart that was not begun. Unanswered calls are looked up later. */
export function dropTheRest(draft: Draft, reason: 'denied' | 'aborted' | 'plan-changed'): void {
  for (const [index, { attach, restart }] of draft.instances.entries()) {
    if (attach.kind === 'waiting') {
      draft.settle(index, { kind: 'skipped', reason, detail: '', effective: null });
    } else if (restart.kind === 'due') {
      const { how, attempt } = restart;
      draft.setInstance(index, {
        restart: { kind: 'dropped', how, attempt, why: 'aborted', isDown: false },
      });
    }
  }
}

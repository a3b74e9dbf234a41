import type { NoticeMessage } from '../../../shared/domain/model/notice-message.ts';
import type { NoticeKind, Rollout } from '../../../shared/domain/model/rollout.ts';
import { Judge } from './judge.ts';

/** A notice that must be sent. */
interface Expected {
  readonly rolloutId: string;
  readonly channel: string;
  readonly kind: NoticeKind;
  readonly atMs: number;
}

/** Judges notices: every event is told to each channel that wants it, and nothing else is. */
export class NoticeReferee extends Judge {
  readonly #expected = new Map<string, Expected>();
  /** Ids of the messages that were sent, by notice. */
  readonly #sent = new Map<string, Set<string>>();
  readonly #delivered = new Set<string>();

  created(rollout: Rollout): void {
    const { request, approval, createdAtMs } = rollout;
    if (request.breakGlass !== null) this.#expect(rollout, 'break-glass', createdAtMs);
    if (approval !== null) this.#expect(rollout, 'approval-needed', createdAtMs);
  }

  saved(before: Rollout, after: Rollout): void {
    const { control, updatedAtMs, phase, rolloutId } = after;
    if (control.kind === 'halted' && before.control.kind !== 'halted') {
      this.#expect(after, 'halted', control.atMs);
    }
    if (phase === 'closing' && before.phase === 'open') this.#expect(after, 'ended', updatedAtMs);
    if (phase !== 'done' || before.phase === 'done') return;
    for (const [key, expected] of this.#expected) {
      if (expected.rolloutId !== rolloutId || this.#sent.has(key)) continue;
      this.fail(`${rolloutId} is done before its "${expected.kind}" notice is sent`);
    }
  }

  #expect({ rolloutId }: Rollout, kind: NoticeKind, atMs: number): void {
    for (const { id: channel, on } of this.cloud.policy.channels) {
      if (!on.includes(kind)) continue;
      const expected = { rolloutId, channel, kind, atMs };
      this.#expected.set(keyOf(expected), expected);
    }
  }

  sent(body: string): void {
    const message = JSON.parse(body) as NoticeMessage & { readonly schema: string };
    if (message.schema !== 'latchkey.notice/1') return;
    const key = keyOf(message);
    if (!this.#expected.has(key)) this.fail(`a "${message.kind}" notice is sent for nothing`);
    const ids = this.#sent.get(key) ?? new Set();
    this.#sent.set(key, ids.add(message.id));
    if (ids.size > 1) this.fail(`a "${message.kind}" notice is sent under ${ids.size} ids`);
  }

  delivered(notice: NoticeMessage): void {
    this.#delivered.add(keyOf(notice));
  }

  judgeTheEnd(): void {
    for (const [key, { kind, channel }] of this.#expected) {
      if (!this.#sent.has(key)) this.fail(`no "${kind}" notice was sent for ${channel}`);
      // Still in the queue, or in the dead-letter queue of the trigger.
      const isOnItsWay = this.cloud.letters.all().some(({ body }) => {
        const message = JSON.parse(body) as NoticeMessage & { readonly schema: string };
        return message.schema === 'latchkey.notice/1' && keyOf(message) === key;
      });
      if (this.#delivered.has(key) || isOnItsWay) continue;
      this.fail(`the "${kind}" notice for ${channel} is lost`);
    }
  }
}

function keyOf({ rolloutId, channel, kind, atMs }: Expected): string {
  return `${rolloutId} ${channel} ${kind} ${atMs}`;
}

import type { NoticeMessage } from '../../shared/domain/model/notice-message.ts';
import type { NoticeKind, Rollout } from '../../shared/domain/model/rollout.ts';
import type { World } from './world.ts';

/** What somebody must be told. */
interface Expected {
  readonly rolloutId: string;
  readonly channel: string;
  readonly kind: NoticeKind;
  readonly atMs: number;
}

/** What happened is told to everybody who wants to know, and nothing else is. */
export class NoticeReferee {
  readonly #world: () => World;
  readonly #fail: (fault: string) => void;
  readonly #expected = new Map<string, Expected>();
  /** Ids of the messages that were sent, by what they are about. */
  readonly #sent = new Map<string, Set<string>>();
  readonly #delivered = new Set<string>();

  constructor(world: () => World, fail: (fault: string) => void) {
    this.#world = world;
    this.#fail = fail;
  }

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
      this.#fail(`${rolloutId} is done before its "${expected.kind}" is told`);
    }
  }

  #expect({ rolloutId }: Rollout, kind: NoticeKind, atMs: number): void {
    for (const { id: channel, on } of this.#world().policy.channels) {
      if (!on.includes(kind)) continue;
      const expected = { rolloutId, channel, kind, atMs };
      this.#expected.set(keyOf(expected), expected);
    }
  }

  sent(body: string): void {
    const message = JSON.parse(body) as NoticeMessage & { readonly schema: string };
    if (message.schema !== 'latchkey.notice/1') return;
    const key = keyOf(message);
    if (!this.#expected.has(key)) this.#fail(`a "${message.kind}" is told that never was`);
    const ids = this.#sent.get(key) ?? new Set();
    this.#sent.set(key, ids.add(message.id));
    if (ids.size > 1) this.#fail(`a "${message.kind}" is told under ${ids.size} ids`);
  }

  delivered(notice: NoticeMessage): void {
    this.#delivered.add(keyOf(notice));
  }

  judgeTheEnd(): void {
    const { mail } = this.#world();
    for (const [key, { kind, channel }] of this.#expected) {
      if (!this.#sent.has(key)) this.#fail(`${channel} is never told of "${kind}"`);
      // On its way for hours, or lost by a trigger that gave up: its dead-letter queue has it.
      const isOnItsWay = [...mail.underWay, ...mail.undeliverable].some((body) => {
        const message = JSON.parse(body) as NoticeMessage & { readonly schema: string };
        return message.schema === 'latchkey.notice/1' && keyOf(message) === key;
      });
      if (this.#delivered.has(key) || isOnItsWay) continue;
      this.#fail(`${channel} is told of "${kind}" no more, and was not`);
    }
  }
}

function keyOf({ rolloutId, channel, kind, atMs }: Expected): string {
  return `${rolloutId} ${channel} ${kind} ${atMs}`;
}

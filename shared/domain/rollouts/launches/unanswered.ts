import { answeredAtMs } from '../../launch/launches.ts';
import type { ErrorCode, LatchkeyError } from '../../model/errors.ts';
import type { Launch } from '../../model/launch.ts';
import { notBefore, now } from '../../model/messages.ts';
import type { Clock, Log, Queue } from '../../model/ports.ts';

/** Our own choices: the last of twelve tries comes after more than an hour. */
const MAX_TRIES = 12;
const PAUSES_MS = [15_000, 30_000, 60_000, 300_000, 600_000] as const;

/** Failures that another try cannot cure: a person has to change the policy or the account. */
const PERMANENT: ReadonlySet<ErrorCode> = new Set([
  'bad-request',
  'forbidden',
  'not-found',
  'conflict',
  'not-valid',
  'too-large',
  'refused',
]);

export interface UnansweredPorts {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly clock: Clock;
  readonly log: Log;
}

/** Collects the launches of a batch that have no answer yet, and sends them again so that none is lost. */
export class Unanswered {
  readonly #ports: UnansweredPorts;
  readonly #later: { readonly launch: Launch; readonly notBeforeMs: number }[] = [];
  readonly #dead: { readonly launch: Launch; readonly why: string }[] = [];

  constructor(ports: UnansweredPorts) {
    this.#ports = ports;
  }

  get waiting(): number {
    return this.#later.length;
  }

  get dead(): number {
    return this.#dead.length;
  }

  /** They are answered together with others, not before `notBeforeMs`. */
  wait(launches: readonly Launch[], notBeforeMs = 0): void {
    for (const launch of launches) this.#later.push({ launch, notBeforeMs });
  }

  /** They have failed: they are tried again, or become dead letters where another try cannot help. */
  fail(launches: readonly Launch[], error: LatchkeyError): void {
    const { clock, log } = this.#ports;
    log('error', 'launches-not-answered', { error, instances: launches.length });
    for (const launch of launches) {
      const { tries } = launch;
      if (PERMANENT.has(error.code) || tries + 1 >= MAX_TRIES) {
        // A dead letter that is sent again starts with its first try.
        this.#dead.push({ launch: { ...launch, tries: 0 }, why: error.message });
        continue;
      }
      const pauseMs = PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]!;
      const notBeforeMs = Math.max(error.details.retryAtMs ?? 0, clock.nowMs() + pauseMs);
      this.wait([{ ...launch, tries: tries + 1 }], notBeforeMs);
    }
  }

  /** @throws {LatchkeyError} when a queue did not take all of them */
  async send(): Promise<void> {
    const { queue, deadLetters, clock } = this.#ports;
    const nowMs = clock.nowMs();
    const byMoment = new Map<number, Launch[]>();
    for (const { launch, notBeforeMs } of this.#later) {
      const atMs = answeredAtMs(nowMs, notBeforeMs);
      const launches = byMoment.get(atMs) ?? [];
      byMoment.set(atMs, launches);
      launches.push(launch);
    }
    const messages = [...byMoment].map(([atMs, launches]) =>
      notBefore(atMs, nowMs, { kind: 'launches', launches }),
    );
    const letters = this.#dead.map(({ launch, why }) =>
      now({ kind: 'dead', why, about: { kind: 'launch', launch } }),
    );
    const errors = await Promise.all([queue.send(messages), deadLetters.send(letters)]);
    const lost = errors.flat().find((error) => error !== undefined);
    if (lost !== undefined) throw lost;
  }
}

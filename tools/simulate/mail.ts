import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import type { OutMessage } from '../../shared/domain/model/messages.ts';
import type { Platform } from './platform.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { Weather } from './weather.ts';

/** Messages of one invocation at most, and how often one is tried: our own choices, as in `s.yaml`. */
const BATCH = 10;
const MAX_TRIES = 6;

interface Letter {
  readonly body: string;
  readonly tries: number;
}

/** The queue and its trigger: letters come at least once, in any order, some of them late. */
export class Mail {
  readonly #platform: Platform;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #weather: () => Weather;
  readonly #onSent: (body: string) => void;
  #waiting: Letter[] = [];
  #pumpIsPlanned = false;
  /** What was sent to the dead-letter queue. */
  readonly buried: string[] = [];
  /** Bodies of what no invocation has done with yet. */
  readonly #underWay = new Map<Letter, string>();
  /** What its trigger gave up. */
  readonly undeliverable: string[] = [];

  constructor(
    world: {
      readonly platform: Platform;
      readonly scheduler: Scheduler;
      readonly random: Random;
      readonly weather: () => Weather;
    },
    onSent: (body: string) => void,
  ) {
    this.#platform = world.platform;
    this.#scheduler = world.scheduler;
    this.#random = world.random;
    this.#weather = world.weather;
    this.#onSent = onSent;
  }

  send(messages: readonly OutMessage[]): void {
    for (const { message, delaySeconds } of messages) {
      for (const body of bodiesOf(message)) {
        this.#onSent(body);
        this.#post({ body, tries: 0 }, delaySeconds * 1_000);
      }
    }
  }

  bury(messages: readonly OutMessage[]): void {
    this.buried.push(...messages.flatMap(({ message }) => bodiesOf(message)));
  }

  get underWay(): Iterable<string> {
    return this.#underWay.values();
  }

  #post(letter: Letter, delayMs: number): void {
    const random = this.#random;
    this.#underWay.set(letter, letter.body);
    const isLate = random.chance(this.#weather().late);
    const lateMs = isLate ? random.between(10_000, 300_000) : random.between(0, 800);
    this.#scheduler.after(delayMs + lateMs, () => {
      this.#waiting.push(letter);
      if (this.#pumpIsPlanned) return;
      this.#pumpIsPlanned = true;
      this.#scheduler.after(random.between(0, 500), () => this.#pump());
    });
  }

  #pump(): void {
    const random = this.#random;
    const shuffled = random.shuffled(this.#waiting);
    const batch = shuffled.slice(0, BATCH);
    this.#waiting = shuffled.slice(BATCH);
    this.#pumpIsPlanned = this.#waiting.length > 0;
    if (this.#pumpIsPlanned) this.#scheduler.after(random.between(0, 200), () => this.#pump());
    for (const letter of random.some(batch, this.#weather().twice)) {
      this.#post({ ...letter }, random.between(0, 3_000));
    }
    this.#platform.restart(
      batch.map(({ body }, index) => ({
        id: `m-${index}`,
        source: 'MNS-latchkey-restart-queue',
        specversion: '1.0',
        type: 'mns:Queue:SendMessage',
        data: { requestId: 'r', messageId: `m-${index}`, messageBody: body },
      })),
      (end) => {
        for (const letter of batch) {
          const { body, tries } = letter;
          if (end.kind !== 'answered') {
            // The platform's own dead letters: whoever is named in them is found by the timer.
            if (tries < MAX_TRIES)
              this.#post({ body, tries: tries + 1 }, random.between(2_000, 30_000));
            else this.undeliverable.push(body);
          }
          this.#underWay.delete(letter);
        }
      },
    );
  }
}

import { bodiesOf } from '../../../shared/contract/messages/codec.ts';
import type { OutMessage } from '../../../shared/domain/model/messages.ts';
import type { Letter } from './letters.ts';
import type { ModelCloud } from './model-cloud.ts';
import type { Platform } from './platform.ts';

/** The largest batch of one invocation, as in `s.yaml`. */
const BATCH = 10;
/** How often the trigger delivers a message at most: our own choice. */
const MAX_TRIES = 6;

/** The queue and its trigger: messages come at least once, in any order, some of them late. */
export class Mail {
  readonly #cloud: ModelCloud;
  readonly #platform: Platform;
  #waiting: Letter[] = [];
  #pumpIsPlanned = false;

  constructor(cloud: ModelCloud, platform: Platform) {
    this.#cloud = cloud;
    this.#platform = platform;
  }

  send(messages: readonly OutMessage[]): void {
    for (const { message, delaySeconds } of messages) {
      for (const body of bodiesOf(message)) this.#post({ body, tries: 0 }, delaySeconds * 1_000);
    }
  }

  #post(letter: Letter, delayMs: number): void {
    const { random, scheduler, letters, weather } = this.#cloud;
    letters.underWay.add(letter);
    const isLate = random.chance(weather().late);
    const lateMs = isLate ? random.between(10_000, 300_000) : random.between(0, 800);
    scheduler.after(delayMs + lateMs, () => {
      this.#waiting.push(letter);
      if (this.#pumpIsPlanned) return;
      this.#pumpIsPlanned = true;
      scheduler.after(random.between(0, 500), () => this.#pump());
    });
  }

  #pump(): void {
    const { random, scheduler, letters, weather } = this.#cloud;
    const shuffled = random.shuffled(this.#waiting);
    const batch = shuffled.slice(0, BATCH);
    this.#waiting = shuffled.slice(BATCH);
    this.#pumpIsPlanned = this.#waiting.length > 0;
    if (this.#pumpIsPlanned) scheduler.after(random.between(0, 200), () => this.#pump());
    for (const letter of random.some(batch, weather().twice)) {
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
          letters.underWay.delete(letter);
          if (end.kind === 'answered') continue;
          const { body, tries } = letter;
          // The timer finds the rollouts that a dead letter names.
          if (tries < MAX_TRIES) {
            this.#post({ body, tries: tries + 1 }, random.between(2_000, 30_000));
          } else letters.undeliverable.push(letter);
        }
      },
    );
  }
}

import type { Cancel, CloudClock } from '../../kernel/clock.ts';
import type { TimerTrigger } from '../configuration/configuration.ts';

/** The longest delay of Node's timers: 2^31 - 1 ms. */
const MAX_WAIT_MS = 2 ** 31 - 1;

/**
 * Invokes the function at every time of the trigger's schedule. Times that pass while the process is stopped
 * are skipped.
 */
export function startTimer(
  clock: CloudClock,
  { name, schedule, payload }: TimerTrigger,
  fire: (event: Buffer) => void,
): Cancel {
  let cancel: Cancel = () => {};
  const wait = (untilMs: number) => {
    const leftMs = untilMs - clock.nowMs();
    if (leftMs > MAX_WAIT_MS) {
      cancel = clock.after(MAX_WAIT_MS, () => wait(untilMs));
      return;
    }
    cancel = clock.after(leftMs, () => {
      const triggerTime = `${new Date(untilMs).toISOString().slice(0, 19)}Z`;
      arm(untilMs);
      fire(Buffer.from(JSON.stringify({ triggerTime, triggerName: name, payload })));
    });
  };
  const arm = (afterMs: number) => {
    let nextMs = schedule.nextMs(afterMs);
    while (nextMs !== undefined && nextMs < clock.nowMs()) nextMs = schedule.nextMs(nextMs);
    if (nextMs !== undefined) wait(nextMs);
  };
  arm(clock.nowMs());
  return () => cancel();
}

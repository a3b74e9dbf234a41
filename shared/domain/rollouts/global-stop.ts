import { now } from '../model/messages.ts';
import type { Clock, GlobalStop, Log, Queue, Rollouts, StopState } from '../model/ports.ts';

export interface StopPorts {
  readonly stop: GlobalStop;
  readonly rollouts: Pick<Rollouts, 'open'>;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
}

/** Holds every rollout before its next restart. A stop with the same `by` is a repetition. */
export async function stopAll(by: string, reason: string, ports: StopPorts): Promise<StopState> {
  const earlier = await ports.stop.read();
  const stop = earlier?.by === by ? earlier : { by, atMs: ports.clock.nowMs(), reason };
  if (stop !== earlier) await ports.stop.set(stop);
  return { stop, openRollouts: (await openIds(ports)).length };
}

/**
 * Removes the stop and wakes every rollout that it may have held. The timer wakes rollouts whose message is
 * lost.
 */
export async function letGo(ports: StopPorts): Promise<StopState> {
  await ports.stop.set(null);
  const ids = await openIds(ports);
  const wakes = ids.map((rolloutId) => now({ kind: 'wake', rolloutId }));
  const errors = await ports.queue.send(wakes);
  const error = errors.find((one) => one !== undefined);
  if (error !== undefined) ports.log('warn', 'wake-failed', { error });
  return { stop: null, openRollouts: ids.length };
}

export async function seeStop(ports: StopPorts): Promise<StopState> {
  const [stop, ids] = await Promise.all([ports.stop.read(), openIds(ports)]);
  return { stop, openRollouts: ids.length };
}

/** A reopened rollout may have two entries for a while. */
async function openIds({ rollouts }: StopPorts): Promise<string[]> {
  const open = await rollouts.open();
  return [...new Set(open.map(({ rolloutId }) => rolloutId))];
}

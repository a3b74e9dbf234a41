import { type Api, getRollout } from '../api/client.ts';
import type { InstanceView, RolloutView } from '../api/views.ts';
import { CliError, EXIT, type ExitStatus } from '../exit.ts';
import type { Io } from '../io.ts';

export interface FollowOptions {
  readonly everyMs: number;
  /** When to give up, whatever the state; undefined: never. */
  readonly limitMs: number | undefined;
  /** Called after each poll, with the last rollout seen and the connection problem, '' for none. */
  onPoll(rollout: RolloutView | undefined, trouble: string): void;
}

/** A network outage longer than this ends the command: our own choice. */
const PATIENCE_MS = 120_000;

/**
 * Polls a rollout until it is done or halted, or `limitMs` has passed. Keeps polling one that is paused, stopped or waits for approval.
 *
 * @throws what the API throws; for a missing answer only after two minutes without any
 */
export async function follow(
  rolloutId: string,
  api: Api,
  io: Pick<Io, 'nowMs' | 'pause'>,
  { everyMs, limitMs = Number.POSITIVE_INFINITY, onPoll }: FollowOptions,
): Promise<RolloutView> {
  const startedMs = io.nowMs();
  let answeredMs = startedMs;
  let rollout: RolloutView | undefined;
  for (;;) {
    try {
      rollout = await getRollout(rolloutId, api);
      answeredMs = io.nowMs();
      onPoll(rollout, '');
    } catch (error) {
      const isTemporary = error instanceof CliError && error.exitStatus === EXIT.unreachable;
      if (!isTemporary || io.nowMs() - answeredMs > PATIENCE_MS) throw error;
      onPoll(rollout, error.message);
    }
    if (rollout !== undefined && isOver(rollout)) return rollout;
    if (io.nowMs() + everyMs - startedMs > limitMs) {
      if (rollout !== undefined) return rollout;
      throw new CliError(EXIT.unreachable, `Cannot watch "${rolloutId}": no answer in time`);
    }
    await io.pause(everyMs);
  }
}

export function isOver({ status }: RolloutView): boolean {
  return status === 'done' || status === 'halted';
}

/** Whether a rollout ended well. One that is not over counts as well. */
export function rolloutExitStatus(rollout: RolloutView): ExitStatus {
  const { status, results, control, approval } = rollout;
  const isRefused = approval !== null && !['waiting', 'approved'].includes(approval.state);
  const isBroken = status === 'halted' || control.kind === 'aborted' || isRefused;
  return isBroken || (status === 'done' && results.some(isBad)) ? EXIT.failed : EXIT.ok;
}

export function isBad({ state }: InstanceView): boolean {
  return state === 'failed' || state === 'unknown';
}

import type { Api } from '../api/client.ts';
import { read, RolloutView } from '../api/views.ts';
import { CliError, EXIT } from '../exit.ts';
import type { Io } from '../io.ts';

export interface FollowOptions {
  readonly everyMs: number;
  /** After so long it is left alone, wherever it is; undefined: never. */
  readonly limitMs: number | undefined;
  /** Called with whatever was seen, and with what is wrong when nothing was. */
  onLook(rollout: RolloutView | undefined, trouble: string): void;
}

/** A network that is away for longer is a matter for a person: our own choice. */
const PATIENCE_MS = 120_000;

/** `over`: nothing goes on without a person, or at all. `time`: the time to watch is. */
export interface Followed {
  readonly kind: 'over' | 'time';
  readonly rollout: RolloutView;
}

/**
 * Looks at a rollout again and again, until it is done or halted. One that is paused, stopped, or waits for
 * an approval is waited for.
 *
 * @throws what asking throws; that there is no answer only after two minutes of it
 */
export async function follow(
  rolloutId: string,
  api: Api,
  io: Pick<Io, 'nowMs' | 'pause'>,
  { everyMs, limitMs = Number.POSITIVE_INFINITY, onLook }: FollowOptions,
): Promise<Followed> {
  const startedMs = io.nowMs();
  let answeredMs = startedMs;
  let rollout: RolloutView | undefined;
  for (;;) {
    try {
      rollout = read(RolloutView, await api.get(`/rollouts/${rolloutId}`), 'the rollout');
      answeredMs = io.nowMs();
      onLook(rollout, '');
    } catch (error) {
      const isPassing = error instanceof CliError && error.exitStatus === EXIT.unreachable;
      if (!isPassing || io.nowMs() - answeredMs > PATIENCE_MS) throw error;
      onLook(rollout, error.message);
    }
    if (rollout !== undefined && isOver(rollout)) return { kind: 'over', rollout };
    if (io.nowMs() + everyMs - startedMs > limitMs) {
      if (rollout !== undefined) return { kind: 'time', rollout };
      throw new CliError(EXIT.unreachable, `Cannot watch "${rolloutId}": no answer in time`);
    }
    await io.pause(everyMs);
  }
}

function isOver({ status }: RolloutView): boolean {
  return status === 'done' || status === 'halted';
}

import { asItCame, type RolloutView } from '../api/views.ts';
import type { ExitStatus } from '../exit.ts';
import type { Flags } from '../flags.ts';
import { type Io, printLines } from '../io.ts';
import { showAfter } from '../show/rollout.ts';
import { printResult } from '../show/view.ts';
import { isOver, rolloutExitStatus } from '../watch/follow.ts';
import { watch } from '../watch/watch.ts';
import type { Webhook } from '../webhook.ts';

/** Prints the rollout that was started, or follows it with `--watch`. */
export async function finish(
  rollout: RolloutView,
  flags: Flags,
  { quietApi }: Webhook,
  io: Io,
): Promise<ExitStatus> {
  const { rolloutId } = rollout;
  if (flags.watch) {
    if (!flags.json) printLines(io.out, [rolloutId]);
    return watch(rolloutId, quietApi, io, flags);
  }
  printResult(io, flags, asItCame(rollout), (view) => [
    ...showAfter(rollout, view),
    ...(isOver(rollout) ? [] : [`follow it: npx latchkey watch ${rolloutId}`]),
  ]);
  return rolloutExitStatus(rollout);
}

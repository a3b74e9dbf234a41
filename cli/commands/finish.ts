import { asItCame, type RolloutView } from '../api/views.ts';
import type { ExitStatus } from '../exit.ts';
import { type Io, printLines } from '../io.ts';
import { showNextCalls } from '../show/next-calls.ts';
import { printResult } from '../show/print-result.ts';
import { showHead } from '../show/rollout.ts';
import { rolloutExitStatus } from '../watch/rollout-exit-status.ts';
import { watch } from '../watch/watch.ts';
import type { Webhook } from '../webhook.ts';
import { type JsonFlag, type WatchFlags, watchTimes } from './flags.ts';

/** Prints the rollout that was started, or follows it with `--watch`. */
export async function finish(
  rollout: RolloutView,
  flags: JsonFlag & WatchFlags & { readonly watch?: true },
  { quietApi }: Webhook,
  io: Io,
): Promise<ExitStatus> {
  const { rolloutId, status } = rollout;
  const { json = false } = flags;
  if (flags.watch === true) {
    if (!json) printLines(io.out, [rolloutId]);
    return watch(rolloutId, quietApi, io, { ...watchTimes(flags), json });
  }
  const isGoing = status !== 'done' && status !== 'halted';
  printResult(io, { json }, asItCame(rollout), (view) => [
    ...showHead(rollout, view),
    ...showNextCalls(rollout),
    ...(isGoing ? [`follow it: npx latchkey watch ${rolloutId}`] : []),
  ]);
  return rolloutExitStatus(rollout);
}

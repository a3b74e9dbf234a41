import { asItCame, type RolloutView } from '../api/views.ts';
import type { ExitStatus } from '../exit.ts';
import { type Io, printLines } from '../io.ts';
import { printJson } from '../show/json.ts';
import { showNextCalls } from '../show/next-calls.ts';
import { paintFor } from '../show/paint.ts';
import { showHead } from '../show/rollout.ts';
import { endOf } from '../watch/rollout-exit-status.ts';
import { watch } from '../watch/watch.ts';
import type { Webhook } from '../webhook.ts';
import { type JsonFlag, type WatchFlags, watchTimes } from './flags.ts';

/** Says what was begun, and follows it where that is wanted. */
export async function finish(
  rollout: RolloutView,
  flags: JsonFlag & WatchFlags & { readonly watch?: true },
  { quietApi }: Webhook,
  io: Io,
): Promise<ExitStatus> {
  const { rolloutId, status } = rollout;
  const json = flags.json === true;
  if (flags.watch === true) {
    if (!json) printLines(io.out, [rolloutId]);
    return watch(rolloutId, quietApi, io, { ...watchTimes(flags), json });
  }
  if (json) printJson(io.out, asItCame(rollout));
  else {
    const paint = paintFor(io.out, io);
    const isGoing = status !== 'done' && status !== 'halted';
    printLines(io.out, [
      ...showHead(rollout, { nowMs: io.nowMs(), paint, all: false }),
      ...showNextCalls(rollout),
      ...(isGoing ? [`follow it: npx latchkey watch ${rolloutId}`] : []),
    ]);
  }
  return endOf(rollout);
}

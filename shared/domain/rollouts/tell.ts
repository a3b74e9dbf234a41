import { carryOut, type CarryOutPorts, type Invocation } from './carry-out.ts';
import { refusalOf } from '../workflow/control.ts';
import type { Command } from '../model/command.ts';
import { LatchkeyError } from '../model/errors.ts';
import type { Rollout } from '../model/rollout.ts';

/**
 * Carries a command out. Telling the same again changes nothing.
 *
 * @param by who says so, and under which id, for the history: a `resolve` that comes again is known by it
 * @throws {LatchkeyError} `not-found`; `conflict` when the rollout is in no state for it
 */
export async function tell(
  rolloutId: string,
  command: Command,
  by: string,
  ports: CarryOutPorts,
  invocation: Invocation,
): Promise<Rollout> {
  const rollout = await ports.rollouts.load(rolloutId);
  if (rollout === undefined) {
    throw new LatchkeyError(
      'not-found',
      `Cannot ${command.kind} rollout "${rolloutId}": no such rollout`,
    );
  }
  const refusal = refusalOf(rollout, command);
  if (refusal !== undefined) {
    throw new LatchkeyError(
      'conflict',
      `Cannot ${command.kind} rollout "${rolloutId}": ${refusal}`,
    );
  }
  let openedAtMs: number | null = null;
  if (command.kind === 'resolve') {
    // It may be over, or be over before this is saved. The place comes before the row: one without
    // anything to do is dropped by the timer, a rollout without a place would be lost.
    openedAtMs = ports.clock.nowMs();
    const { origin } = rollout;
    await ports.rollouts.reopen({ rolloutId, createdAtMs: openedAtMs, origin });
  }
  const event = { kind: 'command', command, by, openedAtMs } as const;
  const after = await carryOut(rollout, event, ports, invocation);
  return after ?? rollout;
}

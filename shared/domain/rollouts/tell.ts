import { carryOut, type CarryOutPorts, type Invocation } from './carry-out.ts';
import { refusalOf } from '../workflow/control.ts';
import type { Command } from '../model/command.ts';
import { LatchkeyError } from '../model/errors.ts';
import type { Rollout } from '../model/rollout.ts';

/**
 * Carries a command out. The same command again changes nothing.
 *
 * @param by who gives it, and its id, for the history: a repeated `resolve` is recognised by it
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
    // The rollout may be over, or be over before this is saved. The entry is written before the row: the timer
    // drops an entry without work, but a rollout without an entry would be lost.
    openedAtMs = ports.clock.nowMs();
    const { origin } = rollout;
    await ports.rollouts.reopen({ rolloutId, createdAtMs: openedAtMs, origin });
  }
  const event = { kind: 'command', command, by, openedAtMs } as const;
  const after = await carryOut(rollout, event, ports, invocation);
  return after ?? rollout;
}

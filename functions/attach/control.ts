import type { CarryOutPorts, Invocation } from '../../shared/domain/carry-out.ts';
import { type Command, refusalOf } from '../../shared/domain/control.ts';
import { LatchkeyError } from '../../shared/domain/errors.ts';
import type { HistoryEntry, Rollout } from '../../shared/domain/rollout.ts';
import { tell } from '../../shared/domain/tell.ts';

/**
 * Does to the rollout what somebody wants, and says what it is then.
 *
 * One whose `by` stands in the history was done already: it is not done again, so that a request
 * that is delivered twice permits one more restart at most.
 *
 * @param by who, and under which id: different for each request, the same when it is sent again
 * @throws {LatchkeyError} `conflict` when it does not apply now, or another request had this id; and
 * what the ports throw
 */
export async function obeyCommand(
  rollout: Rollout,
  command: Command,
  by: string,
  ports: CarryOutPorts,
  invocation: Invocation,
): Promise<Rollout> {
  const earlier = doneBy(rollout, by);
  if (earlier !== undefined) return repeated(rollout, command, earlier);
  checkPermitted(rollout, command, ports.clock.nowMs());
  const after = await tell(rollout.rolloutId, command, by, ports, invocation);
  // Somebody else was faster: then it was judged again, and may have done nothing.
  if (doneBy(after, by) === undefined) checkPermitted(after, command, ports.clock.nowMs());
  return after;
}

function doneBy({ history }: Rollout, by: string): HistoryEntry | undefined {
  return history.find((entry) => entry.by === by);
}

/** What `obey` notes of each command (shared/domain/control.ts). */
function noteOf(command: Command): string {
  switch (command.kind) {
    case 'pause':
      return 'paused';
    case 'resume':
      return 'resumed';
    case 'abort':
      return 'aborted';
    case 'approve':
      return 'approved';
    case 'deny':
      return 'denied';
    case 'resolve':
      return `resolved: ${command.as}`;
  }
}

function repeated(rollout: Rollout, command: Command, { what, count }: HistoryEntry): Rollout {
  const isSame =
    what === noteOf(command) &&
    (command.kind !== 'resolve' || command.instanceIds.length === count);
  if (isSame) return rollout;
  throw refused(rollout, command, `another request came in under this id, and ${what} it`);
}

function checkPermitted(rollout: Rollout, command: Command, nowMs: number): void {
  const why = refusalOf(rollout, command) ?? tooLate(rollout, command, nowMs);
  if (why !== undefined) throw refused(rollout, command, why);
}

/** The timer may not have come by yet. */
function tooLate({ approval }: Rollout, command: Command, nowMs: number): string | undefined {
  if (command.kind !== 'approve' || approval?.state !== 'waiting') return undefined;
  return approval.untilMs > nowMs ? undefined : 'nobody approved it in time';
}

function refused({ rolloutId }: Rollout, { kind }: Command, why: string): LatchkeyError {
  return new LatchkeyError('conflict', `Cannot ${kind} rollout "${rolloutId}": ${why}`);
}

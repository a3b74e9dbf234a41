import { LatchkeyError } from '../../shared/domain/errors.ts';
import { probeMessage } from '../../shared/domain/messages.ts';
import type { Queue } from '../../shared/domain/ports.ts';
import { fault, type Finding, ok } from './finding.ts';
import { trouble } from './trouble.ts';

export interface ProbePorts {
  readonly queue: Queue;
  /** Whether `restart` has answered. */
  isAnswered(id: string): Promise<boolean>;
  /** Unique. */
  readonly id: string;
  readonly nowMs: () => number;
  pause(ms: number): Promise<void>;
}

/** How often, and how long, is looked for the answer. The trigger's window is 3 s (s.yaml). Our own choice. */
const LOOK_EVERY_MS = 1_000;
const GIVE_UP_MS = 30_000;

/**
 * Sends a message that `restart` answers in the store, and nothing else: so the queue, its trigger, the
 * function, its role and the table are known to work together.
 */
export async function checkProbe(ports: ProbePorts): Promise<Finding> {
  const check = 'message through the queue';
  const startedMs = ports.nowMs();
  try {
    const [lost] = await ports.queue.send([probeMessage(ports.id)]);
    if (lost !== undefined) return trouble(check, lost, 'mns:SendMessage');
    while (ports.nowMs() - startedMs < GIVE_UP_MS) {
      await ports.pause(LOOK_EVERY_MS);
      if (!(await ports.isAnswered(ports.id))) continue;
      return ok(
        check,
        `seen by restart within ${Math.ceil((ports.nowMs() - startedMs) / 1_000)} s`,
      );
    }
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return trouble(check, error, 'ots:PutRow and ots:GetRow on table requests');
  }
  const mend =
    'see that latchkey-restart is deployed and its trigger "queue" is on, and look at its log and at the dead-letter queue (npx latchkey redrive)';
  return fault(check, `restart did not answer within ${GIVE_UP_MS / 1_000} s`, mend);
}

import type { SmqSender } from '../../shared/outbound/smq/smq-sender.ts';
import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import {} from '../../shared/domain/rollouts/probe.ts';
import { fault, type Finding, ok, skipped } from './finding.ts';
import { refusalsIn } from './refusals.ts';
import { isWantOfRights, trouble } from './trouble.ts';

export interface ProbePorts {
  /** Sends to a queue. */
  sender(queueName: string): SmqSender;
  /** What was written in answer to a probe; undefined as long as nothing was. */
  answerTo(id: string): Promise<string | undefined>;
  /** Unique. */
  newId(): string;
  readonly nowMs: () => number;
  pause(ms: number): Promise<void>;
}

/** A queue and who reads it. */
export interface Reader {
  readonly check: string;
  readonly queueName: string;
  /** `restart`, as in `latchkey-restart`. */
  readonly reader: string;
}

/** How often, and how long, is looked for the answer. The trigger's window is 3 s (s.yaml). Our own choice. */
const LOOK_EVERY_MS = 1_000;
const GIVE_UP_MS = 30_000;

/**
 * Sends a message that its reader answers in the store, and nothing else: so the queue, its trigger, the
 * function, its secrets, its role and the table are known to work together. `restart` also tells whether its
 * role may restart, by a dry run.
 */
export async function checkProbe(to: Reader, ports: ProbePorts): Promise<Finding[]> {
  const { check, queueName, reader } = to;
  const startedMs = ports.nowMs();
  const id = ports.newId();
  try {
    const [body = ''] = bodiesOf({ kind: 'probe', id });
    const [lost] = await ports.sender(queueName).send([{ body, delaySeconds: 0 }]);
    if (lost !== undefined) return [trouble(check, lost, 'mns:SendMessage')];
    while (ports.nowMs() - startedMs < GIVE_UP_MS) {
      await ports.pause(LOOK_EVERY_MS);
      const answer = await ports.answerTo(id);
      if (answer === undefined) continue;
      const seconds = Math.ceil((ports.nowMs() - startedMs) / 1_000);
      return [
        ok(check, `seen by ${reader} within ${seconds} s`),
        ...(reader === 'restart' ? rightsOf(answer) : []),
      ];
    }
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return [trouble(check, error, 'ots:GetRow on table requests')];
  }
  const mend = `see that latchkey-${reader} is deployed and its trigger "queue" is on, and look at its log and at the dead-letter queue (npx latchkey redrive)`;
  return [fault(check, `${reader} did not answer within ${GIVE_UP_MS / 1_000} s`, mend)];
}

function rightsOf(answer: string): Finding[] {
  const check = 'role of restart';
  const refusals = refusalsIn(answer);
  if (refusals === undefined)
    return [skipped(check, 'restart is of another version', 'npm run deploy')];
  if (refusals.length === 0) return [ok(check, 'may reboot and start')];
  const mend =
    'grant it to the role latchkey-restart (docs/permissions.md): npm run template, and update the stack with it';
  return refusals.map(({ vendorCode, message }) =>
    isWantOfRights(vendorCode)
      ? fault(check, message, mend)
      : skipped(check, message, 'not known: run it again'),
  );
}

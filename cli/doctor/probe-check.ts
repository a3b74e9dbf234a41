import * as v from 'valibot';
import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import type { SmqSender } from '../../shared/outbound/smq/smq-sender.ts';
import { fault, type Finding, isPermissionMissing, ok, skipped, withCalls } from './finding.ts';

export interface ProbePorts {
  sender(queueName: string): SmqSender;
  /** Reads the answer to a probe; undefined until there is one. */
  answerTo(id: string): Promise<string | undefined>;
  newId(): string;
  readonly nowMs: () => number;
  pause(ms: number): Promise<void>;
}

export interface Reader {
  readonly check: string;
  readonly queueName: string;
  /** Such as `restart` for `latchkey-restart`. */
  readonly reader: string;
}

/** How often and how long to poll for the answer. The trigger's window is 3 s (s.yaml). Our own choice. */
const POLL_EVERY_MS = 1_000;
const GIVE_UP_MS = 30_000;

/**
 * Sends a message that its reader only answers in the store. This tests the queue, its trigger, the function,
 * its secrets, its role and the table together. The answer of `restart` also tells, by a dry run, whether its
 * role may restart.
 */
export function checkProbe(to: Reader, ports: ProbePorts): Promise<Finding[]> {
  const { check, queueName, reader } = to;
  const startedMs = ports.nowMs();
  const id = ports.newId();
  const poll = async () => {
    while (ports.nowMs() - startedMs < GIVE_UP_MS) {
      await ports.pause(POLL_EVERY_MS);
      const answer = await ports.answerTo(id);
      if (answer === undefined) continue;
      const seconds = Math.ceil((ports.nowMs() - startedMs) / 1_000);
      return [
        ok(check, `answered by ${reader} within ${seconds} s`),
        ...(reader === 'restart' ? checkRole(answer) : []),
      ];
    }
    const mend = `check that latchkey-${reader} is deployed and its trigger "queue" is on; read its log, and the dead-letter queue (npx latchkey redrive)`;
    return [fault(check, `${reader} did not answer within ${GIVE_UP_MS / 1_000} s`, mend)];
  };
  return withCalls(check, 'mns:SendMessage', async () => {
    const [body = ''] = bodiesOf({ kind: 'probe', id });
    const [lost] = await ports.sender(queueName).send([{ body, delaySeconds: 0 }]);
    if (lost !== undefined) throw lost;
    return withCalls(check, 'ots:GetRow on table requests', poll);
  });
}

/** The answer of `answerProbe`. */
const Refusals = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.object({ vendorCode: v.string(), message: v.string() })),
);

function checkRole(answer: string): Finding[] {
  const check = 'role of restart';
  const read = v.safeParse(Refusals, answer);
  if (!read.success)
    return [skipped(check, 'restart is deployed in another version', 'npm run deploy')];
  if (read.output.length === 0) return [ok(check, 'may reboot and start')];
  const mend =
    'grant it to the role latchkey-restart (docs/permissions.md): npm run template, and update the stack with it';
  return read.output.map(({ vendorCode, message }) =>
    isPermissionMissing(vendorCode)
      ? fault(check, message, mend)
      : skipped(check, message, 'the result is unknown: run it again'),
  );
}

import { Option } from 'commander';
import { operatorAccess } from '../cloud/cloud-access.ts';
import type { CommandSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import { EXIT, usageError } from '../exit.ts';
import * as flag from '../flags.ts';
import { type Cli, printLines } from '../io.ts';
import { readMessageId } from '../read-argument.ts';
import { type LetterList, listLetters, type RedrivePorts } from '../redrive/letter-report.ts';
import { processLetter } from '../redrive/send-letter.ts';
import { showEnd, showGaps, showReports, showTotal } from '../redrive/show-reports.ts';
import { type Taken, takeLetters } from '../redrive/take-letters.ts';
import { collect } from '../request-flags.ts';
import { printJson } from '../show/json.ts';
import { paintFor } from '../show/paint.ts';
import { cloudExitStatus } from '../show/problem.ts';
import { count } from '../show/text.ts';

type Flags = flag.Flags & {
  readonly send?: true;
  readonly discard?: true;
  readonly message?: readonly string[];
};

export const redrive: CommandSpec = {
  name: 'redrive',
  summary: 'show messages that failed, and send them again',
  description:
    'Shows the dead-letter queue: why each message is there, how it begins, and where it would be sent. Changes nothing. With --send it asks, sends each message to its queue and each event to its function, and deletes it after it was accepted. Chat messages are not shown. Secrets and paths of URLs are hidden where they are recognised.',
  flags: [
    new Option('--send', 'send again what can be sent'),
    new Option('--discard', 'delete for good without sending; needs --message'),
    new Option('--message <id>', 'only this message; can be repeated').argParser(collect),
    flag.YES,
    ...flag.cloud(),
  ],
  async run(cli, flags: Flags) {
    const { io } = cli;
    const { out } = io;
    const ids = idsOf(flags);
    const access = operatorAccess(flags, io);
    const { reader, sender, invoke } = await io.operator(access);
    const { queues } = access;
    const queue = queues.deadLetters;
    const ports = { queues, deadLetters: reader(queue), sender, invoke, nowMs: io.nowMs };
    const listed = await listLetters(ports, ids);
    const how = { paint: paintFor(out, io), columns: out.isTerminal ? out.columns : undefined };
    if (!flags.json) {
      printLines(out, [showTotal(listed, queue), ...showReports(listed.reports, how)]);
    }
    const isAsked = flags.send === true || flags.discard === true;
    const taken = isAsked ? await processLetters(listed, ids, ports, flags, cli) : undefined;
    const { reports: messages, missing } = taken ?? listed;
    const { short = 0, brokeOff } = taken ?? {};
    cli.exitStatus = exitStatusOf(taken, missing);
    if (flags.json) {
      const { total } = listed;
      const why = brokeOff?.message ?? null;
      printJson(out, { queue, total, messages, missing, short, brokeOff: why });
      return;
    }
    if (taken !== undefined) {
      const known = new Set(listed.reports.map(({ messageId }) => messageId));
      const lines = showReports(messages, { ...how, known });
      printLines(out, ['', ...lines, ...showEnd(messages, brokeOff, how.paint)]);
    } else if (messages.some(({ to }) => to.length > 0)) {
      printLines(out, ['', 'to send them again: --send']);
    }
    printLines(io.err, showGaps(missing, short));
  },
};

function idsOf({ message = [], send, discard }: Flags): readonly string[] {
  if (send === true && discard === true) {
    throw usageError('Cannot use --send and --discard together: choose one');
  }
  if (discard === true && message.length === 0) {
    throw usageError('Cannot discard: name the messages with --message');
  }
  return [...new Set(message.map(readMessageId))];
}

/** Processes exactly the letters that were shown, unless SMQ hid some: later arrivals were not agreed to. */
async function processLetters(
  { reports, unseen, total, missing }: LetterList,
  asked: readonly string[],
  ports: RedrivePorts,
  flags: Flags,
  { io }: Cli,
): Promise<Taken> {
  const send = flags.send === true;
  const able = send ? reports.filter(({ to }) => to.length > 0) : reports;
  if (able.length + unseen === 0) {
    const left = reports.map((one) => ({ ...one, state: 'left' as const }));
    return { reports: left, missing, short: 0, brokeOff: undefined };
  }
  const many = count(able.length, 'message');
  const more = unseen === 0 ? '' : `, and up to ${unseen} not shown`;
  const question = send ? `Send ${many} again${more}?` : `Delete ${many} for good${more}?`;
  await confirm(question, flags, io);
  const shown = reports.map(({ messageId }) => messageId);
  const ids = unseen > 0 ? asked : [...shown, ...missing];
  return takeLetters(ports, { ids, limit: total }, (message) =>
    processLetter(message, send, ports),
  );
}

function exitStatusOf(taken: Taken | undefined, missing: readonly string[]): Cli['exitStatus'] {
  if (taken?.brokeOff !== undefined) return cloudExitStatus(taken.brokeOff);
  const { reports = [], short = 0 } = taken ?? {};
  // A letter that was sent but not deleted will be sent again.
  const isLeft = reports.some(({ state, remark }) => {
    return state === 'left' || (state === 'sent' && remark !== '');
  });
  return isLeft || missing.length > 0 || short > 0 ? EXIT.failed : EXIT.ok;
}

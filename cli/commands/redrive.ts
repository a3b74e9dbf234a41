import { Command } from 'commander';
import { confirm } from '../confirm.ts';
import { EXIT, usageError } from '../exit.ts';
import { type Cli, printLines } from '../io.ts';
import { operatorAccess, type OperatorFlags } from '../operator/operator-access.ts';
import { listLetters, type Seen } from '../redrive/list-letters.ts';
import { type RedrivePorts, redrivePorts } from '../redrive/redrive-ports.ts';
import { discardLetter, sendLetter } from '../redrive/send-letter.ts';
import { showEnd, showMissing, showReports, showSeen, showShort } from '../redrive/show-reports.ts';
import { type Taken, takeLetters } from '../redrive/take-letters.ts';
import { cloudExitStatus } from '../show/cloud-error.ts';
import { printJson } from '../show/json.ts';
import { paintFor } from '../show/paint.ts';
import { count } from '../show/text.ts';
import { collect, type JsonFlag, withCloud, withJson } from './flags.ts';

type Flags = OperatorFlags &
  JsonFlag & {
    readonly send?: true;
    readonly discard?: true;
    readonly message?: readonly string[];
    readonly yes?: true;
  };

export function redriveCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('redrive')
    .summary('what could not be processed, and to send it again')
    .description(
      'Shows the dead-letter queue: why each message is there, how it begins, and where it would go. Changes nothing. With --send it asks, sends each to where it belongs (messages to their queue, events to their function), and deletes it only after it was taken. What was written in chats is not shown, nor secrets and paths of URLs, as far as they can be told.',
    )
    .option('--send', 'send again what can be')
    .option('--discard', 'delete for good, unsent; only with --message')
    .option('--message <id>', 'only this one; may be given more than once', collect)
    .option('-y, --yes', 'do not ask')
    .action(async (flags: Flags) => {
      const ids = idsOf(flags);
      const place = operatorAccess(flags, io);
      const parts = redrivePorts(place, await io.operator(place), io.nowMs);
      const seen = await listLetters(parts, ids);
      if (!flags.json) showLook(seen, parts, cli);
      const isAsked = flags.send === true || flags.discard === true;
      const taken = isAsked ? await carryOut(seen, ids, parts, flags, cli) : undefined;
      const { reports: messages, missing } = taken ?? seen;
      cli.exitStatus = statusOf(taken, missing);
      if (flags.json) {
        const queue = parts.queues.deadLetters;
        const brokeOff = taken?.brokeOff?.message ?? null;
        const short = taken?.short ?? 0;
        printJson(io.out, { queue, total: seen.total, messages, missing, short, brokeOff });
        return;
      }
      if (taken !== undefined) showTaken(taken, seen, cli);
      else if (seen.reports.some(({ to }) => to.length > 0))
        printLines(io.out, ['', 'to send them again: --send']);
      printLines(io.err, [...showMissing(missing), ...showShort(taken?.short ?? 0)]);
    });
  return withCloud(withJson(made));
}

/** As SMQ writes them; our own choice of how long. */
const MESSAGE_ID = /^[A-Za-z0-9-]{1,128}$/;

function idsOf({ message = [], send, discard }: Flags): readonly string[] {
  if (send === true && discard === true) {
    throw usageError('Cannot use --send and --discard together: one sends, the other throws away');
  }
  if (discard === true && message.length === 0) {
    throw usageError('Cannot discard: no --message says which');
  }
  for (const id of message) {
    if (!MESSAGE_ID.test(id)) {
      throw usageError(`Cannot use --message "${id}": must be an id of SMQ, as redrive shows it`);
    }
  }
  return [...new Set(message)];
}

/** Exactly what was shown, where all was: what comes in between was not agreed to. */
async function carryOut(
  seen: Seen,
  asked: readonly string[],
  parts: RedrivePorts,
  flags: Flags,
  { io }: Cli,
): Promise<Taken> {
  const { reports, unseen, total, missing } = seen;
  const send = flags.send === true;
  const able = send ? reports.filter(({ to }) => to.length > 0) : reports;
  if (able.length + unseen === 0) {
    const left = reports.map((one) => ({ ...one, state: 'left' as const }));
    return { reports: left, missing, short: 0, brokeOff: undefined };
  }
  const many = count(able.length, 'message');
  const more = unseen === 0 ? '' : `, and what there is of ${unseen} not shown`;
  const question = send ? `Send ${many} again${more}?` : `Delete ${many} for good${more}?`;
  await confirm(question, { yes: flags.yes === true, json: flags.json === true }, io);
  const shown = reports.map(({ messageId }) => messageId);
  const ids = unseen > 0 ? asked : [...shown, ...missing];
  const work = send ? sendLetter : discardLetter;
  return takeLetters(parts, { ids, limit: total }, (message) => work(message, parts));
}

function statusOf(taken: Taken | undefined, missing: readonly string[]): Cli['exitStatus'] {
  if (taken?.brokeOff !== undefined) return cloudExitStatus(taken.brokeOff);
  const { reports = [], short = 0 } = taken ?? {};
  // One that was sent and not deleted will be sent again.
  const isLeft = reports.some(({ state, remark }) => {
    return state === 'left' || (state === 'sent' && remark !== '');
  });
  return isLeft || missing.length > 0 || short > 0 ? EXIT.failed : EXIT.ok;
}

function showLook(seen: Seen, { queues }: RedrivePorts, { io: { out, ...io } }: Cli): void {
  const how = { paint: paintFor(out, io), columns: out.isTerminal ? out.columns : undefined };
  printLines(out, [showSeen(seen, queues.deadLetters), ...showReports(seen.reports, how)]);
}

function showTaken({ reports, brokeOff }: Taken, seen: Seen, { io: { out, ...io } }: Cli): void {
  const paint = paintFor(out, io);
  const known = new Set(seen.reports.map(({ messageId }) => messageId));
  const columns = out.isTerminal ? out.columns : undefined;
  const lines = showReports(reports, { paint, columns, isKnown: (id) => known.has(id) });
  printLines(out, ['', ...lines, ...showEnd(reports, brokeOff, paint)]);
}

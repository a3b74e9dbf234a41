import { Option } from 'commander';
import type { AuditEntry } from '../../shared/domain/model/audit.ts';
import { operatorAccess } from '../cloud/cloud-access.ts';
import type { CommandSpec } from '../command.ts';
import * as flag from '../flags.ts';
import { printLines } from '../io.ts';
import { readMoment } from '../read-argument.ts';
import { moment } from '../show/duration.ts';
import { printJsonLine } from '../show/json.ts';
import { paintFor } from '../show/paint.ts';
import { table } from '../show/table.ts';
import { plain } from '../show/text.ts';

interface Flags extends flag.Flags {
  readonly since: string;
  readonly until?: string;
  readonly instance?: string;
  readonly keyPair?: string;
  readonly by?: string;
  readonly rollout?: string;
  readonly what?: string;
}

export const audit: CommandSpec = {
  name: 'audit',
  summary: 'show what happened, when, and by whom',
  description:
    'Reads the audit trail: every entry of every rollout’s history. It is append-only and kept for 400 days, longer than the rollouts. --instance finds the rollouts that the instance was in, so entries about their other instances are shown too.',
  flags: [
    new Option('--since <when>', 'a time, or an age such as 2h or 30d').default('7d'),
    new Option('--until <when>', 'a time or an age, exclusive (default: now)'),
    new Option('--instance <id>', 'only rollouts with this instance'),
    new Option('--key-pair <name>', 'only rollouts of this key pair'),
    new Option('--by <text>', 'only entries and rollouts of this person or client'),
    new Option('--rollout <id>', 'only this rollout'),
    new Option('--what <word>', 'only such entries: created, attached, approved, halted, …'),
    ...flag.cloud('JSON lines, one an entry'),
  ],
  async run(cli, flags: Flags) {
    const { io } = cli;
    const nowMs = io.nowMs();
    const fromMs = readMoment('--since', flags.since, nowMs);
    // The end is exclusive. Entries of the current millisecond count as well.
    const untilMs =
      flags.until === undefined ? nowMs + 1 : readMoment('--until', flags.until, nowMs);
    const ports = await io.operator(operatorAccess(flags, io));
    const entries: AuditEntry[] = [];
    for await (const entry of filtered(ports.audit(fromMs, untilMs), flags)) {
      if (flags.json) printJsonLine(io.out, entry);
      else entries.push(entry);
    }
    if (flags.json) return;
    const lines =
      entries.length === 0
        ? ['nothing happened']
        : table(HEADER, entries.map(rowOf), paintFor(io.out, io));
    printLines(io.out, lines);
  },
};

const HEADER = ['when', 'rollout', 'key pair', 'what', 'count', 'detail', 'by', 'request'];

function rowOf(entry: AuditEntry): string[] {
  const { atMs, rolloutId, keyPairName, what, count, detail, by, requestId } = entry;
  return [moment(atMs), rolloutId, keyPairName, what, String(count), detail, by, requestId].map(
    plain,
  );
}

/**
 * Yields the entries that match. Only the first entry of a rollout lists its instances, so `instance` does
 * not find a rollout that began before `entries`.
 *
 * @param entries oldest first
 */
async function* filtered(
  entries: AsyncIterable<AuditEntry>,
  filter: Flags,
): AsyncGenerator<AuditEntry> {
  const { instance } = filter;
  const withInstance = new Set<string>();
  for await (const entry of entries) {
    if (instance !== undefined) {
      if (entry.instanceIds?.includes(instance)) withInstance.add(entry.rolloutId);
      if (!withInstance.has(entry.rolloutId)) continue;
    }
    if (matches(entry, filter)) yield entry;
  }
}

function matches(entry: AuditEntry, { keyPair, by, rollout, what }: Flags): boolean {
  return (
    (keyPair === undefined || entry.keyPairName === keyPair) &&
    (rollout === undefined || entry.rolloutId === rollout) &&
    (what === undefined || entry.what === what) &&
    (by === undefined || entry.client === by || entry.by.split(' ')[0] === by)
  );
}

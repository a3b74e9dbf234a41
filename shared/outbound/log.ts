import type { Log, LogLevel } from '../domain/model/ports.ts';
import { logValue } from './log-value.ts';
import { redactText } from './redact.ts';

/** Function Compute cuts lines longer than 32 KB. This leaves room for its own prefix: https://help.aliyun.com/zh/functioncompute/fc/product-overview/limits-of-usage */
const MAX_LINE_BYTES = 32_000;

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * A log with one JSON object a line: `{"ts", "level", "event", …fields}`. Secrets are removed by field name
 * and by pattern, also inside texts and error messages. It never throws: a line that cannot be written is
 * lost.
 *
 * @param options.level lines below this level are dropped
 * @param options.base fields of every line
 * @param options.write writes a line, without its line feed. Default: to standard output
 */
export function jsonLog(options: {
  readonly level: LogLevel;
  readonly base?: Readonly<Record<string, unknown>>;
  readonly write?: (line: string) => void;
  readonly nowMs?: () => number;
}): Log {
  const write = options.write ?? ((line: string) => void process.stdout.write(`${line}\n`));
  const nowMs = options.nowMs ?? (() => Date.now());
  return (level, event, fields) => {
    if (RANK[level] < RANK[options.level]) return;
    try {
      const head = {
        ts: new Date(nowMs()).toISOString(),
        level,
        event: redactText(event).slice(0, 200),
      };
      write(lineOf(head, { ...options.base, ...fields }));
    } catch {
      // There is nowhere to report it.
    }
  };
}

function lineOf(head: Readonly<Record<string, string>>, fields: object): string {
  const values = bodyOf(fields);
  // First for readability, and last so that it wins over a field of the same name.
  const line = JSON.stringify({ ...head, ...values, ...head });
  const bytes = Buffer.byteLength(line);
  if (bytes <= MAX_LINE_BYTES) return line;
  // Escaping the JSON text again at most doubles it.
  const start = Buffer.from(JSON.stringify(values)).subarray(0, MAX_LINE_BYTES / 3);
  return JSON.stringify({ ...head, cut: true, bytes, start: start.toString('utf8') });
}

function bodyOf(fields: object): object {
  try {
    return logValue(fields) as object;
  } catch (error) {
    return { unloggable: String(error) };
  }
}

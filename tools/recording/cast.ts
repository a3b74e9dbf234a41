/** A line of a terminal, and when it was printed. */
export interface CastLine {
  readonly atMs: number;
  readonly text: string;
}

/** The output of a program: the part of asciicast v2 that we use (https://docs.asciinema.org/manual/asciicast/v2/). */
export interface Cast {
  readonly columns: number;
  readonly rows: number;
  /** The command that was run. */
  readonly command: string;
  /** The day it was recorded, in seconds since 1970. */
  readonly timestampSec: number;
  readonly lines: readonly CastLine[];
}

const VERSION = 2;

export function writeCast({ columns, rows, command, timestampSec, lines }: Cast): string {
  const head = {
    version: VERSION,
    width: columns,
    height: rows,
    timestamp: timestampSec,
    command,
  };
  const events = lines.map(({ atMs, text }) => [atMs / 1_000, 'o', `${text}\r\n`]);
  return `${[head, ...events].map((one) => JSON.stringify(one)).join('\n')}\n`;
}

/** Reads what `writeCast` wrote. @throws {Error} for another version */
export function readCast(text: string): Cast {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  const head = JSON.parse(first) as Pick<Cast, 'command'> &
    Record<'version' | 'width' | 'height' | 'timestamp', number>;
  if (head.version !== VERSION) throw new Error(`Cannot read a cast: version ${head.version}`);
  return {
    columns: head.width,
    rows: head.height,
    command: head.command,
    timestampSec: head.timestamp,
    lines: rest.map((line) => {
      const [atSec, , printed] = JSON.parse(line) as [number, string, string];
      return { atMs: Math.round(atSec * 1_000), text: printed.replace(/\r\n$/, '') };
    }),
  };
}

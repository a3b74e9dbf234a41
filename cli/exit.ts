/** What the exit status of every command means: docs/cli.md. */
export const EXIT = {
  ok: 0,
  /** It was done, and did not end well: halted, or instances that failed or that nobody knows of. */
  failed: 1,
  /** The command line cannot be used as it is. */
  usage: 2,
  /** Latchkey, or the cloud, understood and refused. */
  refused: 3,
  /** No answer, or none now: the same again later may work. */
  unreachable: 4,
  /** The plan is another one than was shown. */
  planChanged: 5,
  /** Nothing is wrong, but it is not done: somebody said no, or the time to watch is over. */
  unfinished: 6,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** What ends a command before its end, with all that the user needs. Anything else thrown is a bug. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitStatus: ExitStatus;
  /** What comes below the message: a line each. */
  readonly lines: readonly string[];
  /** For `--json`: what the service said, as it said it. */
  readonly document: unknown;

  constructor(
    exitStatus: ExitStatus,
    message: string,
    more: {
      readonly lines?: readonly string[];
      readonly document?: unknown;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.exitStatus = exitStatus;
    this.lines = more.lines ?? [];
    this.document = more.document;
  }
}

/** @param hint what to type instead */
export function usageError(message: string, ...hint: readonly string[]): CliError {
  return new CliError(EXIT.usage, message, { lines: hint });
}

/** Exit statuses of every command, as docs/cli.md lists them. */
export const EXIT = {
  ok: 0,
  /** The command ran, but the result is bad: a halt, or instances that failed or have an unknown outcome. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** Latchkey or the cloud refused the request. */
  refused: 3,
  /** No answer, or a temporary error: trying again later may work. */
  unreachable: 4,
  /** The plan differs from the one that was shown. */
  planChanged: 5,
  /** Nothing is wrong, but the work is not finished: somebody said no, or the time limit was reached. */
  unfinished: 6,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** An expected failure that ends a command. It holds all that the user needs. Anything else thrown is a bug. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitStatus: ExitStatus;
  /** Printed below the message, one per line. */
  readonly lines: readonly string[];
  /** Printed with `--json`: what the service answered, unchanged. */
  readonly document: unknown;

  constructor(
    exitStatus: ExitStatus,
    message: string,
    more: ErrorOptions & {
      readonly lines?: readonly string[];
      readonly document?: unknown;
    } = {},
  ) {
    super(message, more);
    this.exitStatus = exitStatus;
    this.lines = more.lines ?? [];
    this.document = more.document;
  }
}

/** @param hint what to type instead */
export function usageError(message: string, ...hint: readonly string[]): CliError {
  return new CliError(EXIT.usage, message, { lines: hint });
}

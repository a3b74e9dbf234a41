import type { Http } from './api/http.ts';
import type { OperatorAccess, OperatorPorts } from './operator/operator-ports.ts';
import type { CloudAccess, CloudPorts } from './cloud/cloud-ports.ts';
import type { ExitStatus } from './exit.ts';
import type { NamedId } from './targets.ts';

/** Where text goes to. */
export interface Screen {
  write(text: string): void;
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly rows: number;
}

/** Everything outside that the command line touches. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of this project, where a local cloud leaves its secrets. */
  readonly projectFolder: string;
  /** What was asked for, and nothing else: it may be piped. */
  readonly out: Screen;
  /** Questions, warnings and errors. */
  readonly err: Screen;
  /** All of standard input, as text. */
  readInput(): Promise<string>;
  /** Puts a question on `err`; undefined when nobody is there to be asked. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  readonly http: Http;
  /** The APIs of the cloud itself, for what the webhook does not tell. */
  cloud(place: CloudAccess): Promise<CloudPorts>;
  /** Its queues, tables, functions and trail, for whoever operates it. */
  operator(place: OperatorAccess): Promise<OperatorPorts>;
  readonly nowMs: () => number;
  pause(ms: number): Promise<void>;
  /** Unique. */
  newId(): string;
}

/** What a command is given: `exitStatus` is 0 unless the command says otherwise. */
export interface Cli {
  readonly io: Io;
  exitStatus: ExitStatus;
  /** The ids that were named, so that a fault can tell where one came from. */
  ids: readonly NamedId[];
}

export function printLines(screen: Screen, lines: readonly string[]): void {
  if (lines.length > 0) screen.write(`${lines.join('\n')}\n`);
}

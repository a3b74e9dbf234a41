import type { Http } from './api/http.ts';
import type { CloudAccess, CloudPorts } from './cloud/cloud-ports.ts';
import type { ExitStatus } from './exit.ts';
import type { OperatorAccess, OperatorPorts } from './operator/operator-ports.ts';

export interface Screen {
  write(text: string): void;
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly rows: number;
}

/** Everything outside the process that the command line uses. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The root of this repository. A local cloud leaves its secrets below it. */
  readonly projectFolder: string;
  /** Results only, so that they can be piped. */
  readonly out: Screen;
  /** Questions, warnings and errors. */
  readonly err: Screen;
  readInput(): Promise<string>;
  /** Asks a question on `err`. Undefined when nobody can answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  readonly http: Http;
  /** The cloud's APIs, for what the webhook does not tell. */
  cloud(access: CloudAccess): Promise<CloudPorts>;
  /** Queues, tables, functions and audit trail, for operators. */
  operator(access: OperatorAccess): Promise<OperatorPorts>;
  readonly nowMs: () => number;
  pause(ms: number): Promise<void>;
  newId(): string;
}

/** An instance id, and where it was given: `id 2`, `line 3 of ids.txt`. */
export interface NamedId {
  readonly instanceId: string;
  readonly from: string;
}

/** What a command is given. `exitStatus` is 0 unless the command sets another. */
export interface Cli {
  readonly io: Io;
  exitStatus: ExitStatus;
  /** The ids that the user named, so that an error can say where a bad one came from. */
  ids: readonly NamedId[];
}

export function printLines(screen: Screen, lines: readonly string[]): void {
  if (lines.length > 0) screen.write(`${lines.join('\n')}\n`);
}

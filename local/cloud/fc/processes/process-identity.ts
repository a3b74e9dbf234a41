import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Identifies a process, even if another one gets the same id later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The start time in the system's own format. It is only compared. */
  readonly startedAt: string;
}

/** Undefined when there is no such process, or when it is a zombie. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isAlive({ pid, startedAt }: ProcessIdentity): boolean {
  return identityOf(pid)?.startedAt === startedAt;
}

/** Sends SIGKILL, which also ends stopped processes. Does nothing when that process is gone. */
export function killProcess(identity: ProcessIdentity): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** proc(5): after the name in parentheses, field 3 is the state, 4 the parent, 22 the start. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function fromProc(pid: number): string | undefined {
  const fields = statOf(pid);
  if (fields === undefined || (fields[0] === 'Z' && isWholeZombie(pid))) return undefined;
  return fields[22 - 3];
}

/** The first thread can be a zombie while other threads are still ending. The ports are free only after that. */
function isWholeZombie(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch {
    return true;
  }
}

function fromPs(pid: number): string | undefined {
  const text = ps(pid, 'stat=,lstart=')?.trim();
  if (text === undefined || text === '' || text.startsWith('Z')) return undefined;
  return text.slice(text.indexOf(' ')).trim();
}

/** The parent's process id; undefined when the process is gone. */
export function parentOf(pid: number): number | undefined {
  const text = process.platform === 'linux' ? statOf(pid)?.[4 - 3] : ps(pid, 'ppid=');
  return text === undefined ? undefined : Number(text);
}

/** The command line as the system shows it. */
export function commandOf(pid: number): string {
  if (process.platform !== 'linux') return ps(pid, 'command=') ?? '';
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

function ps(pid: number, columns: string): string | undefined {
  try {
    return execFileSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
}

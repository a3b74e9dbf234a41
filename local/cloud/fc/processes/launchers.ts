import { commandOf, identityOf, parentOf, type ProcessIdentity } from './process-identity.ts';

/** The processes that started this one. */
export interface Launchers {
  /** The parent. When npm started it, every process up to npm. */
  readonly processes: readonly ProcessIdentity[];
  readonly byNpm: boolean;
}

/** The longest chain from here to npm: tsx and npm's shell are in between. Our own choice. */
const MAX_LAUNCHERS = 4;

/** Call it while they are all alive: a process that lost its parent gets another one. */
export function launchersOf(pid: number): Launchers {
  const processes: ProcessIdentity[] = [];
  for (let at = parentOf(pid); at !== undefined && at > 1; at = parentOf(at)) {
    const identity = identityOf(at);
    if (identity === undefined || processes.length === MAX_LAUNCHERS) break;
    processes.push(identity);
    if (/\b(?:npm|pnpm|yarn)\b/.test(commandOf(at))) return { processes, byNpm: true };
  }
  return { processes: processes.slice(0, 1), byNpm: false };
}

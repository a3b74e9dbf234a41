import { commandOf, identityOf, parentOf, type ProcessIdentity } from './process-identity.ts';

/** What started a process. */
export interface Launchers {
  /** The parent, and when npm started it all, everything up to npm. */
  readonly processes: readonly ProcessIdentity[];
  readonly byNpm: boolean;
}

/** npm, its shell and tsx stand between; more would be something else. Our own choice. */
const MAX_LAUNCHERS = 4;

/** Asked while they all live: a process that lost its parent has another one. */
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

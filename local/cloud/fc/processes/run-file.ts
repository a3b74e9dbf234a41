import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchersOf } from './launchers.ts';
import { identityOf, isAlive, killProcess, type ProcessIdentity } from './process-identity.ts';

/** Records on disk what a run has started, so that the next run can end it if this one could not. */
export interface RunFile {
  /** Starts to write. Call it when all ports are open: until then the file may belong to another run. */
  open(): void;
  add(pid: number): void;
  remove(pid: number): void;
  /** Deletes the file. Call it when everything has ended. */
  close(): void;
}

interface Record {
  readonly main: ProcessIdentity;
  /** The processes that started the main one: npm, its shell and tsx. */
  readonly launchers: readonly ProcessIdentity[];
  readonly children: readonly ProcessIdentity[];
}

/** @param portBase 0 for free ports: such runs never replace each other */
export function createRunFile(folder: string, portBase: number): RunFile {
  const name = portBase === 0 ? `run-free-${process.pid}-${++created}` : `run-${portBase}`;
  const path = join(folder, `${name}.json`);
  const main = identityOf(process.pid)!;
  const launchers = launchersOf(process.pid).processes;
  const children = new Map<number, ProcessIdentity>();
  let isOpen = false;
  const write = () => {
    if (!isOpen) return;
    const record: Record = { main, launchers, children: [...children.values()] };
    writeFileSync(`${path}.new`, `${JSON.stringify(record)}\n`);
    renameSync(`${path}.new`, path);
  };
  return {
    open() {
      isOpen = true;
      mkdirSync(folder, { recursive: true });
      write();
    },
    add(pid) {
      const identity = identityOf(pid);
      if (identity === undefined) return;
      children.set(pid, identity);
      write();
    },
    remove(pid) {
      if (children.delete(pid)) write();
    },
    close() {
      if (isOpen) rmSync(path, { force: true });
      isOpen = false;
    },
  };
}
let created = 0;

/** How long the system may take to end killed processes. Our own choice. */
const MAX_ENDING_MS = 5_000;

/**
 * Ends the processes that killed runs have left, as recorded in `folder`: the children of every dead main
 * process, and for `portBase` also a main process whose launcher is dead. A run whose main process and
 * launchers are alive is left alone.
 *
 * @returns how many processes were ended; their ports are free then
 */
export async function endLeftovers(folder: string, portBase: number): Promise<number> {
  const killed: ProcessIdentity[] = [];
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const record = read(path);
    if (record === undefined) {
      rmSync(path, { force: true });
      continue;
    }
    const { main, launchers, children } = record;
    const orphan = name === `run-${portBase}.json` && !launchers.every(isAlive);
    if (isAlive(main) && !orphan) continue;
    for (const identity of [main, ...children].filter(isAlive)) {
      killProcess(identity);
      killed.push(identity);
    }
    rmSync(path, { force: true });
  }
  const giveUpMs = Date.now() + MAX_ENDING_MS;
  while (killed.some(isAlive) && Date.now() < giveUpMs) {
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
  return killed.length;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^run-.*\.json$/.test(name));
  } catch {
    return [];
  }
}

function read(path: string): Record | undefined {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<Record>;
    const lists = [value.launchers, value.children];
    if (value.main === undefined || !lists.every(Array.isArray)) return undefined;
    return value as Record;
  } catch {
    return undefined;
  }
}

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Run } from './one-rollout.ts';

const PROGRAM = fileURLToPath(new URL('one-rollout.ts', import.meta.url));

/** Runs one rollout in a process of its own. @throws {Error} when the process fails */
export function runRollout(instances: number): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = fork(PROGRAM, [String(instances)], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let run: Run | undefined;
    child.once('message', (message) => {
      run = message as Run;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (run !== undefined) resolve(run);
      else reject(new Error(`Cannot measure ${instances} instances: ended with ${code}`));
    });
  });
}

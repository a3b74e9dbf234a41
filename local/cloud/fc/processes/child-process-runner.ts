import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readLines } from './line-reader.ts';
import {
  BOOTSTRAP_FILE_VARIABLE,
  BOOTSTRAP_MARK_VARIABLE,
  type EndedMessage,
} from '../instances/protocol.ts';
import type { RunFile } from './run-file.ts';
import type { InstanceSpec, Runner, RunningInstance, RunResult } from '../instances/runner.ts';

const GONE: RunResult = { outcome: { kind: 'exited' }, memoryBytes: 0, over: true };

/**
 * Runs each instance in a Node process of its own, frozen between calls by SIGSTOP.
 *
 * @param bootstrapPath what `buildBootstrap` made
 * @param runFile records every child before it gets work
 */
export function childProcessRunner(bootstrapPath: string, runFile: RunFile): Runner {
  return { start: (spec) => instance(bootstrapPath, runFile, spec) };
}

function instance(bootstrapPath: string, runFile: RunFile, spec: InstanceSpec): RunningInstance {
  const { config } = spec;
  const mark = `\u0001${randomBytes(16).toString('hex')}\u0001`;
  const child = spawn(process.execPath, [bootstrapPath], {
    cwd: existsSync(config.codeFolder) ? config.codeFolder : undefined,
    env: {
      ...spec.environment,
      [BOOTSTRAP_FILE_VARIABLE]: codeFile(config.codeFolder, config.handler.file),
      [BOOTSTRAP_MARK_VARIABLE]: mark,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  const { pid } = child;
  if (pid !== undefined) runFile.add(pid);
  const out = readLines(child.stdout!, mark, spec.onLog);
  const err = readLines(child.stderr!, mark, spec.onLog);

  let said: EndedMessage | undefined;
  let over = false;
  let frozen = false;
  let wake = () => {};
  child.on('message', (message: EndedMessage) => {
    said = message;
    wake();
  });
  // `close` comes when the process has ended and its output was read. Its last messages have arrived when
  // the channel is closed as well.
  let open = 2;
  const closed = () => {
    open -= 1;
    if (open > 0) return;
    over = true;
    if (pid !== undefined) runFile.remove(pid);
    wake();
    spec.onEnd();
  };
  child.once('close', closed);
  child.once('disconnect', closed);
  child.once('error', (error) => {
    // The process could not be started, so there is no channel to close.
    if (pid !== undefined) return;
    spec.onLog(error.message);
    open = 1;
    closed();
  });

  const signal = (name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL') => {
    // Not after its end: its process id may belong to another process by then.
    if (child.exitCode === null && child.signalCode === null) child.kill(name);
  };
  return {
    pid,
    async run(call) {
      said = undefined;
      if (over) return GONE;
      if (frozen) signal('SIGCONT');
      frozen = false;
      const ended = new Promise<void>((resolve) => {
        wake = resolve;
      });
      child.send(call, (error) => {
        // The process is ending: `close` and `disconnect` follow.
        if (error !== null) spec.onLog(`cannot reach the instance: ${error.message}`);
      });
      await ended;
      const answer = said as EndedMessage | undefined;
      if (answer === undefined) return GONE;
      await Promise.all([out.nextMark(), err.nextMark()]);
      const { outcome, rssBytes, ending } = answer;
      const body = outcome.kind === 'returned' ? { body: Buffer.from(outcome.body) } : {};
      return { outcome: { ...outcome, ...body }, memoryBytes: rssBytes, over: over || ending };
    },
    freeze() {
      if (over) return;
      frozen = true;
      signal('SIGSTOP');
    },
    kill() {
      signal('SIGKILL');
    },
  };
}

function codeFile(folder: string, file: string): string {
  const plain = join(folder, `${file}.js`);
  const module = join(folder, `${file}.mjs`);
  return !existsSync(plain) && existsSync(module) ? module : plain;
}

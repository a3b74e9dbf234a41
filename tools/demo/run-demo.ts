import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type LocalCloud,
  type LocalCloudOptions,
  PROJECT_FOLDER,
  startLocalCloud,
} from '../../local/start-local-cloud.ts';
import { build } from '../build.ts';
import { seconds } from './progress.ts';
import { type Changes, temporaryProject } from './temporary-project.ts';

/** The options that all demos have. */
export interface DemoOptions {
  readonly json?: boolean;
  readonly logs?: boolean;
}

export type Say = (line: string) => void;

/** What a demo is played with. */
export interface Scene extends LocalCloud {
  readonly startedMs: number;
  readonly say: Say;
  /** Says the line with the time since the start in front of it. */
  readonly sayWhen: Say;
  /** Everything that is not as promised. */
  readonly complaints: string[];
}

interface Demo<R extends { readonly ok: boolean }> {
  readonly options: DemoOptions;
  /** In `.local`. */
  readonly logName: string;
  readonly changes: Changes;
  readonly settings?: NonNullable<LocalCloudOptions['settings']>;
  readonly play: (scene: Scene) => Promise<void>;
  /** Called when all is stopped, also after an interruption. */
  readonly resultOf: (ended: Ended) => R;
  readonly report: (say: Say, result: R, startedMs: number) => void;
}

/** What all demos tell in the end. */
export interface Ended {
  /** Calls to ECS, by action. */
  readonly apiCalls: Readonly<Record<string, number>>;
  readonly ok: boolean;
}

/** One fault is often every instance's, so no more than this many are shown. */
const SHOWN = 20;

/**
 * Plays a demo in a local cloud of its own, stops everything, and says how it ended.
 *
 * @returns the exit status
 */
export async function runDemo<R extends { readonly ok: boolean }>(demo: Demo<R>): Promise<number> {
  const { options, logName, changes, settings = {} } = demo;
  const say: Say = options.json === true ? console.error : console.log;
  const startedMs = Date.now();
  const sayWhen: Say = (line) => say(`${seconds(Date.now() - startedMs)}  ${line}`);
  const logs = logFile(logName, options.logs === true);
  const project = temporaryProject(changes);
  const complaints: string[] = [];
  let local: LocalCloud | undefined;
  try {
    // With a policy of its own, the project has bundles of its own.
    await build(changes.policy === undefined ? undefined : project.folder);
    local = await startLocalCloud({ projectFolder: project.folder, settings, onLog: logs.log });
    const play = demo.play({ ...local, startedMs, say, sayWhen, complaints });
    await Promise.race([play, interrupted()]);
  } catch (error) {
    complaints.push(error instanceof Error ? error.message : String(error));
  }
  const apiCalls = { ...local?.cloud.kernel.calls.toJSON()['ecs'] };
  await local?.cloud.stop();
  project.remove();
  await logs.end();
  const result = demo.resultOf({ apiCalls, ok: complaints.length === 0 });
  demo.report(say, result, startedMs);
  if (!result.ok) {
    say('Not as promised:');
    for (const complaint of complaints.slice(0, SHOWN)) say(`  ${complaint}`);
    if (complaints.length > SHOWN) say(`  … and ${complaints.length - SHOWN} more`);
    say(`The functions' log: ${logs.path}`);
  }
  if (options.json === true) console.log(JSON.stringify(result));
  return result.ok ? 0 : 1;
}

/** Writes the functions' log lines to a file in `.local`, and with `toTerminal` to standard error as well. */
function logFile(name: string, toTerminal: boolean) {
  const folder = join(PROJECT_FOLDER, '.local');
  mkdirSync(folder, { recursive: true });
  const path = join('.local', name);
  const file = createWriteStream(join(PROJECT_FOLDER, path));
  const log = (functionName: string, line: string) => {
    file.write(`${functionName} ${line}\n`);
    if (toTerminal) console.error(`${functionName} ${line}`);
  };
  return { path, log, end: () => new Promise<void>((resolve) => file.end(resolve)) };
}

/** Rejects on Ctrl-C, so that every process is stopped and the result is still told. */
function interrupted(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(new Error('Cannot go on: interrupted'));
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
}

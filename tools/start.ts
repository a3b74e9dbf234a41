import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.ts';
import { launchersOf } from '../local/cloud/fc/processes/launchers.ts';
import { isAlive } from '../local/cloud/fc/processes/process-identity.ts';
import { PROJECT_FOLDER, startLocalCloud } from '../local/start-local-cloud.ts';
import { readOptions, USAGE } from './start/start-options.ts';
import { welcome } from './start/welcome.ts';

/** Errors whose message is all that the user needs; any other is a bug, and shows its stack. */
const ONE_LINE = new Set(['UsageError', 'ConfigError', 'PortTakenError', 'SeedError']);
/** Our own choice. */
const LAUNCHER_CHECK_MS = 500;

/** Where `npm run send` looks for what to sign with. @returns what takes it away again */
function writeSecret(portBase: number, secret: string): () => void {
  const folder = join(PROJECT_FOLDER, '.local');
  const path = join(folder, `webhook-secret-${portBase}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  return () => rmSync(path, { force: true });
}

/** npm takes only its shell with it when it is ended by a signal: tsx and we would stay. */
function whenNpmIsGone(run: () => void): void {
  const { processes, byNpm } = launchersOf(process.pid);
  if (!byNpm) return;
  const timer = setInterval(() => {
    if (processes.every(isAlive)) return;
    clearInterval(timer);
    run();
  }, LAUNCHER_CHECK_MS);
  timer.unref();
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  await build();
  const local = await startLocalCloud({
    portBase: options.portBase,
    onLog: (functionName, line) => process.stderr.write(`[${functionName}] ${line}\n`),
  });
  const forgetSecret = writeSecret(options.portBase, local.webhookSecret);
  let ending = false;
  const end = async (exitCode: number) => {
    if (ending) return;
    ending = true;
    forgetSecret();
    await local.cloud.stop();
    process.exit(exitCode);
  };
  // 128 + the signal's number, where somebody broke it off; SIGTERM is how it is meant to be ended.
  process.on('SIGINT', () => void end(130));
  process.on('SIGHUP', () => void end(129));
  process.on('SIGTERM', () => void end(0));
  whenNpmIsGone(() => void end(0));
  try {
    const { instanceIds } = local.cloud.seed(options.fleet);
    console.log(welcome(local, instanceIds));
  } catch (error) {
    forgetSecret();
    await local.cloud.stop();
    throw error;
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Error) || !ONE_LINE.has(error.name)) throw error;
  console.error(error.message);
  process.exit(1);
}

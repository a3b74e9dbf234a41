import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.ts';
import { launchersOf } from '../local/cloud/fc/processes/launchers.ts';
import { isAlive } from '../local/cloud/fc/processes/process-identity.ts';
import { PROJECT_FOLDER, startLocalCloud } from '../local/start-local-cloud.ts';
import { readOptions, USAGE } from '../local/start/start-options.ts';
import { welcome } from '../local/start/welcome.ts';

/** Errors whose message is all that the user needs. Any other error is a bug and shows its stack. */
const ONE_LINE = new Set([
  'LatchkeyError',
  'UsageError',
  'ConfigError',
  'PortTakenError',
  'SeedError',
]);
/** Our own choice. */
const LAUNCHER_CHECK_MS = 500;

/** Writes the secret for `npm run send`. @returns a function that removes it */
function writeSecret(portBase: number, secret: string): () => void {
  const folder = join(PROJECT_FOLDER, '.local');
  const path = join(folder, `webhook-secret-${portBase}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  return () => rmSync(path, { force: true });
}

/** When a signal ends npm, only its shell ends with it: tsx and this process would stay. */
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
  // The exit code of an interrupt is 128 + the signal's number. SIGTERM is the normal way to stop.
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

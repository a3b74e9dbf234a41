import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../tools/build.ts';
import type { FleetSeed } from './cloud/ecs/index.ts';
import { launchersOf } from './cloud/fc/launchers.ts';
import { isAlive } from './cloud/fc/process-identity.ts';
import { type LocalCloud, PROJECT_FOLDER, startLocalCloud } from './start-local-cloud.ts';
import { signedCurl } from './signed-curl.ts';
import { SMALL_FLEET } from './small-fleet.ts';

const USAGE = `Usage: npm start -- [options]

Runs the functions of this project against a local Alibaba Cloud, until Ctrl-C.

  --port-base <n>   the first of the ports (default 9000)
  --seed <file>     a fleet as JSON, instead of the small one
  --help            this text`;

/** design §6.4 */
const DEFAULT_PORT_BASE = 9_000;
/** The last port in use is the base + 10. */
const MAX_PORT_BASE = 65_525;
const LAUNCHER_CHECK_MS = 500;
/** How many instances the ready-made request names. */
const EXAMPLE_INSTANCES = 3;

interface StartOptions {
  readonly portBase: number;
  readonly fleet: FleetSeed;
}

/** What the user can put right by reading one line. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}
const ONE_LINE = new Set(['UsageError', 'ConfigError', 'PortTakenError', 'SeedError']);

/** @returns undefined when only the usage was asked for */
function readOptions(): StartOptions | undefined {
  const { values } = parse();
  if (values.help === true) return undefined;
  const text = values['port-base'];
  const portBase = text === undefined ? DEFAULT_PORT_BASE : Number(text);
  if (!Number.isInteger(portBase) || portBase < 1 || portBase > MAX_PORT_BASE) {
    throw new UsageError(
      `Cannot use --port-base "${text}": it must be a whole number from 1 to ${MAX_PORT_BASE}`,
    );
  }
  return { portBase, fleet: values.seed === undefined ? SMALL_FLEET : readFleet(values.seed) };
}

function parse() {
  try {
    return parseArgs({
      options: {
        'port-base': { type: 'string' },
        seed: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (cause) {
    throw new UsageError(`Cannot start: ${(cause as Error).message}`, { cause });
  }
}

function readFleet(path: string): FleetSeed {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as FleetSeed;
  } catch (cause) {
    throw new UsageError(`Cannot read "${path}": ${(cause as Error).message}`, { cause });
  }
}

function welcome({ cloud, webhookSecret }: LocalCloud, instanceIds: readonly string[]): string {
  const { endpoints, kernel } = cloud;
  const { http, ...services } = endpoints;
  const places = [
    ...Object.entries(http).map(([name, url]) => [`function ${name}`, url]),
    ...Object.entries(services),
  ];
  const lines = places.map(([name, url]) => `  ${name!.padEnd(18)} ${url}`);
  const { accountId, accessKeyId, accessKeySecret, regionId } = kernel.settings;
  const request = {
    regionId,
    keyPairName: 'ops-2026',
    instanceIds: instanceIds.slice(0, EXAMPLE_INSTANCES),
    restart: 'auto',
  };
  const curl =
    http['attach'] === undefined
      ? []
      : [
          '',
          'Ask for a rollout:',
          '',
          signedCurl(`${http['attach']}/rollouts`, request, webhookSecret),
        ];
  return [
    'The local Alibaba Cloud is running:',
    '',
    ...lines,
    '',
    `  account            ${accountId}, region ${regionId}`,
    `  access key         ${accessKeyId} / ${accessKeySecret}`,
    `  webhook secret     ${webhookSecret}`,
    ...curl,
    '',
    'Ctrl-C ends it.',
  ].join('\n');
}

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

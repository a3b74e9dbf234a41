/**
 * `npm run deploy [-- --dry-run]`: checks everything that can be checked locally, builds, and lets Serverless
 * Devs deploy functions and triggers. The stack of deploy/latchkey.ros.yaml must exist: docs/deploy.md.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LatchkeyError } from '../shared/domain/model/errors.ts';
import type { Policy } from '../shared/domain/model/policy.ts';
import { build, type Built } from './build.ts';
import { type Faults, secretFaults, sizeFaults, templateFaults } from './deploy/checks.ts';
import { missingIn } from './policy/needed-variables.ts';
import { readPolicy } from './policy/read-policy.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export const USAGE = `Usage: npm run deploy -- [options]

Checks the policy, the template, the secrets, the bundles and the Serverless Devs account, and then
runs "s deploy". Deploys nothing when a check fails.

  --dry-run         checks and builds, and prints the command that would run
  --access <alias>  the alias of the account in Serverless Devs (default: default)
  --help            shows this text

Secrets that the policy names are read from the environment; npm run policy -- check lists them.
Exit status: 1 when a check fails, 2 for wrong usage, otherwise that of "s deploy".
`;

export interface DeployIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
  /** Runs a command with the input and output of this process. @returns its exit status */
  readonly run: (command: string, args: readonly string[]) => Promise<number>;
  /** Runs a command without showing its output. @returns the output; undefined when the command does not exist */
  readonly ask: (command: string, args: readonly string[]) => Promise<string | undefined>;
  readonly build: () => Promise<readonly Built[]>;
}

/** @returns the exit status */
export async function deploy(args: readonly string[], io: DeployIo, root = ROOT): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    io.print(USAGE);
    return args.includes('--help') ? 0 : 2;
  }
  const { access, isDry } = options;
  const policy = policyAt(root, io);
  if (policy === undefined) return 1;
  const isFine = [
    tell('policy.json', [], io),
    tell('s.yaml', missingIn(join(root, 's.yaml'), policy), io),
    tell('deploy/latchkey.ros.yaml', templateFaults(root), io),
    tell('secrets', secretFaults(policy, io.env), io),
    tell(`account "${access}"`, await accountFaults(access, io), io),
    tell('bundles', sizeFaults(await io.build()), io),
  ].every(Boolean);
  if (!isFine) {
    io.print('Nothing was deployed');
    return 1;
  }
  const command = ['deploy', '-y', '-a', access, '-t', join(root, 's.yaml')];
  if (isDry) {
    io.print(`would run: s ${command.join(' ')}`);
    return 0;
  }
  return io.run('s', command);
}

function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        'dry-run': { type: 'boolean', default: false },
        access: { type: 'string', default: 'default' },
        help: { type: 'boolean', default: false },
      },
    });
    return values.help ? undefined : { access: values.access, isDry: values['dry-run'] };
  } catch {
    return undefined;
  }
}

function policyAt(root: string, io: DeployIo): Policy | undefined {
  try {
    return readPolicy(join(root, 'policy.json'));
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    tell('policy.json', error.message.split('\n'), io);
    return undefined;
  }
}

async function accountFaults(access: string, io: DeployIo): Promise<Faults> {
  const output = await io.ask('s', ['config', 'get', '-a', access]);
  if (output === undefined) return ['the command "s" is not installed: npm ci'];
  // The exit status is 0 in both cases.
  if (output.includes('AccountID')) return [];
  return [`Serverless Devs does not know this account: npx s config add -a ${access}`];
}

/** @returns whether there are no faults */
function tell(what: string, faults: Faults, { print }: DeployIo): boolean {
  print(`${faults.length === 0 ? '✓' : '✗'} ${what}`);
  for (const fault of faults) print(`    ${fault}`);
  return faults.length === 0;
}

/** The exit status of a shell when a command does not exist. */
const NOT_FOUND = 127;

function run(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', cwd: ROOT });
  return new Promise((done) => {
    child.on('error', () => done(NOT_FOUND));
    child.on('close', (code) => done(code ?? 1));
  });
}

function ask(command: string, args: readonly string[]): Promise<string | undefined> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], cwd: ROOT });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((done) => {
    child.on('error', () => done(undefined));
    child.on('close', () => done(Buffer.concat(chunks).toString('utf8')));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  process.exitCode = await deploy(process.argv.slice(2), {
    env: process.env,
    print,
    run,
    ask,
    build,
  });
}

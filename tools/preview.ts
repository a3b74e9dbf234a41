/**
 * `npm run preview [-- --account <id>]`: prints s.yaml as Serverless Devs renders it, with every
 * variable resolved. Works offline and changes nothing, here or in the cloud.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = resolve(import.meta.dirname, '..');

/** The made-up account of the local cloud, so that no real one is needed. */
export const FAKE_ACCOUNT_ID = '1000000000000000';

/** Replaces WEBHOOK_SECRETS in the output, because a preview never shows a secret. */
export const HIDDEN = 'hidden-by-preview';

export interface Rendered {
  /** YAML; '' when `s` failed. */
  readonly yaml: string;
  /** Everything else that `s` printed, including its error report. */
  readonly messages: string;
  readonly exitCode: number;
}

/**
 * Renders s.yaml with the installed `s`, in a home folder of its own. The caller's aliases are neither
 * read nor changed, and telemetry is off.
 *
 * Validates nothing: `s` also renders what it does not understand.
 */
export async function renderSYaml(options: { readonly accountId: string }): Promise<Rendered> {
  const home = await mkdtemp(join(tmpdir(), 'latchkey-preview-'));
  try {
    await mkdir(join(home, '.s'));
    await writeFile(join(home, '.s', 'set-config.yml'), 'analysis: disable\n');
    const alias = ['config', 'add', '-f', '-a', 'default', '--AccountID', options.accountId];
    const keys = ['--AccessKeyID', 'not-a-key', '--AccessKeySecret', 'not-a-secret'];
    const added = await runS(home, [...alias, ...keys]);
    if (added.exitCode !== 0) return { ...added, yaml: '', messages: added.output };
    const shown = await runS(home, ['preview', '-t', join(ROOT, 's.yaml'), '-o', 'yaml']);
    const lines = shown.output.split('\n');
    const isNotice = (line: string) => /^\[[^\]]*\]\[[A-Z]+\]\[s_cli\]/.test(line);
    const rest = lines.filter((line) => !isNotice(line)).join('\n');
    return shown.exitCode === 0
      ? { exitCode: 0, yaml: `${rest.trim()}\n`, messages: lines.filter(isNotice).join('\n') }
      : { exitCode: shown.exitCode, yaml: '', messages: rest };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function runS(
  home: string,
  args: readonly string[],
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const packageJson = createRequire(import.meta.url).resolve('@serverless-devs/s/package.json');
  const child = spawn(process.execPath, [join(packageJson, '..', 'bin', 's'), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      serverless_devs_config_home: home,
      // Keeps `s` from starting background processes for reports and updates.
      NODE_ENV: 'test',
      WEBHOOK_SECRETS: HIDDEN,
    },
  });
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', fail);
    child.on('close', (code) => {
      done({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

async function main(): Promise<number> {
  let accountId: string;
  try {
    const { values } = parseArgs({ options: { account: { type: 'string' } } });
    accountId = values.account ?? FAKE_ACCOUNT_ID;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  if (!/^\d{6,20}$/.test(accountId)) {
    process.stderr.write(`Cannot preview for account "${accountId}": not a number\n`);
    return 2;
  }
  const { yaml, messages, exitCode } = await renderSYaml({ accountId });
  process.stdout.write(yaml);
  if (exitCode !== 0) process.stderr.write(`${messages}\n`);
  return exitCode;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();

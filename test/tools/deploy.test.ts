import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { test } from 'vitest';
import { newSecrets, secretVariables } from '../../local/chat/workspace.ts';
import type { Built } from '../../tools/build.ts';
import { deploy, type DeployIo } from '../../tools/deploy.ts';
import { secretFaults, sizeFaults } from '../../tools/deploy/checks.ts';
import { aPolicy } from '../models/builders.ts';
import { CONSOLE_RULE, JWKS } from '../support/tokens.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SHORT = 'whsec_c2hvcnQ=';

/** Everything that the policy of this project names. */
const SECRETS = {
  WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  ...secretVariables(newSecrets()),
};

function anIo(over: Partial<DeployIo> = {}) {
  const lines: string[] = [];
  const ran: string[] = [];
  const io: DeployIo = {
    env: SECRETS,
    print: (line) => void lines.push(line),
    run: async (command, args) => {
      ran.push([command, ...args].join(' '));
      return 0;
    },
    ask: async () => 'Alias: default\n  AccountID: 100***000\n',
    build: async () => [],
    ...over,
  };
  return { io, ran, text: () => lines.join('\n') };
}

const COMMAND = `s deploy -y -a default -t ${join(ROOT, 's.yaml')}`;

test('what passes every check is deployed', async ({ expect }) => {
  const { io, ran, text } = anIo();
  expect(await deploy([], io), text()).toBe(0);
  expect(ran).toEqual([COMMAND]);
  expect(text()).not.toContain('✗');
});

test('a dry run says what would be run, and runs nothing', async ({ expect }) => {
  const { io, ran, text } = anIo();
  expect(await deploy(['--dry-run'], io)).toBe(0);
  expect(ran).toEqual([]);
  expect(text()).toContain(`would run: ${COMMAND}`);
});

test('the status of s deploy is the status', async ({ expect }) => {
  const { io } = anIo({ run: async () => 101 });
  expect(await deploy([], io)).toBe(101);
});

test('every missing and every weak secret is named, and none is shown', async ({ expect }) => {
  const { io, ran, text } = anIo({
    env: { ...SECRETS, WEBHOOK_SECRETS: SHORT, SLACK_BOT_TOKEN: undefined },
  });
  expect(await deploy([], io)).toBe(1);
  expect(ran).toEqual([]);
  expect(text()).toMatch(/✗ secrets\n {4}WEBHOOK_SECRETS has a fault in its secret 1: .*attach/);
  expect(text()).toContain('SLACK_BOT_TOKEN is missing: the policy needs it (function messenger)');
  expect(text()).not.toContain(SHORT.slice(6));
});

test('an invalid key of the console is found, although it names its algorithm', ({ expect }) => {
  const policy = aPolicy({ console: CONSOLE_RULE });
  const faultsWith = (jwks: string) => secretFaults(policy, { ...SECRETS, CONSOLE_JWKS: jwks });
  expect(faultsWith(JWKS)).toEqual([]);
  expect(faultsWith('')).toEqual([
    'CONSOLE_JWKS is missing: the policy needs it (function attach)',
  ]);
  expect(faultsWith('{"keys":[{"alg":"ES256","kty":"EC"}]}')).toEqual([
    'CONSOLE_JWKS has a fault in its key 1: it is not a public key for ES256 (function attach)',
  ]);
});

test('an account that Serverless Devs does not know stops it', async ({ expect }) => {
  const unknown = anIo({ ask: async () => 'You have not yet been found to have configured key' });
  expect(await deploy(['--access', 'prod'], unknown.io)).toBe(1);
  expect(unknown.text()).toContain('npx s config add -a prod');
  expect(unknown.ran).toEqual([]);

  const missing = anIo({ ask: async () => undefined });
  expect(await deploy([], missing.io)).toBe(1);
  expect(missing.text()).toContain('the command "s" is not installed: npm ci');
});

test('a bundle over its budget stops it', async ({ expect }) => {
  const file = { path: '/dist/launch/bundle.cjs', bytes: 9_000_000, codeBytes: 1, inputs: {} };
  const built: Built[] = [{ name: 'launch', path: '/dist/launch/index.js', files: [file] }];
  const { io, ran, text } = anIo({ build: async () => built });
  expect(await deploy([], io)).toBe(1);
  expect(ran).toEqual([]);
  expect(text()).toMatch(/✗ bundles\n {4}launch\/bundle\.cjs has 9000000 bytes, its budget is \d+/);
  expect(sizeFaults([{ ...built[0]!, name: 'new' }])).toEqual([
    'new/bundle.cjs has no budget in bench/budgets.json',
  ]);
});

test('a policy that is not taken, and a template of another, stop it', async ({
  expect,
  onTestFinished,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-deploy-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'policy.json'), '{"clients": 3}');
  const { io, ran, text } = anIo();
  expect(await deploy([], io, folder)).toBe(1);
  expect(text()).toMatch(/^✗ policy\.json\n.*clients/s);
  expect(ran).toEqual([]);
});

test('wrong use shows the usage', async ({ expect }) => {
  const { io, text } = anIo();
  expect(await deploy(['--force'], io)).toBe(2);
  expect(text()).toContain('Usage: npm run deploy');
  expect(await deploy(['--help'], anIo().io)).toBe(0);
});

test(
  'the command runs the s that is on the path',
  { timeout: 120_000 },
  async ({ expect, onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-s-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const said = join(folder, 'said');
    const fake = `#!/bin/sh\necho "$@" >> ${said}\necho "AccountID: 1"\n[ "$1" = deploy ] && exit 7\nexit 0\n`;
    writeFileSync(join(folder, 's'), fake);
    chmodSync(join(folder, 's'), 0o755);
    const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    const child = spawn(process.execPath, [tsx, join(ROOT, 'tools', 'deploy.ts')], {
      env: { ...process.env, ...SECRETS, PATH: `${folder}${delimiter}${process.env['PATH']}` },
      stdio: 'ignore',
    });
    const status = await new Promise((done) => child.on('close', done));
    expect(readFileSync(said, 'utf8').split('\n')).toEqual([
      'config get -a default',
      COMMAND.slice(2),
      '',
    ]);
    expect(status).toBe(7);
  },
);

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import type { HttpCall } from '../../cli/api/http.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { verifyWebhook } from '../../shared/contract/webhook-signature.ts';
import { anEmptyFolder, type RunOptions, run } from './cli-world.ts';

const SECRETS = ['a', 'b', 'c'].map(
  (letter) => `whsec_${Buffer.alloc(32, letter).toString('base64')}`,
);
const [FIRST, SECOND, OTHER] = SECRETS as [string, string, string];
const NOW_MS = Date.parse('2026-11-24T03:00:00Z');

/** A project with local clouds at these ports, and a fake server. */
function aProject(onTestFinished: (run: () => void) => void, ports: Record<number, string>) {
  const projectFolder = anEmptyFolder(onTestFinished);
  mkdirSync(join(projectFolder, '.local'));
  for (const [port, secret] of Object.entries(ports)) {
    writeFileSync(join(projectFolder, '.local', `webhook-secret-${port}`), `${secret}\n`);
  }
  const calls: HttpCall[] = [];
  const io = {
    projectFolder,
    nowMs: () => NOW_MS,
    pause: () => Promise.resolve(),
    newId: () => 'msg_1',
    http: (call: HttpCall) => {
      calls.push(call);
      const body = call.url.endsWith('/stop')
        ? { stop: null, openRollouts: 0 }
        : { rollouts: [], next: null };
      return Promise.resolve({ status: 200, headers: {}, body: JSON.stringify(body) });
    },
  };
  return {
    io,
    projectFolder,
    list: async (args: string, options: RunOptions = {}) => {
      calls.length = 0;
      const ran = await run(`list ${args}`.trim().split(' '), io, options);
      const [call] = calls;
      if (call === undefined) return { ...ran, url: undefined, signedBy: undefined };
      const { secretIndex } = verifyWebhook({
        headers: call.headers,
        body: Buffer.from('GET /rollouts?limit=20'),
        secrets: SECRETS.map(parseWebhookSecret),
        nowMs: NOW_MS,
      });
      return { ...ran, url: new URL(call.url).origin, signedBy: SECRETS[secretIndex] };
    },
  };
}

test('a running local cloud is the default, and its secret signs', async ({
  expect,
  onTestFinished,
}) => {
  const { list } = aProject(onTestFinished, { 9000: FIRST });
  expect(await list('')).toMatchObject({ exit: 0, url: 'http://127.0.0.1:9000', signedBy: FIRST });
  // The secret in the environment belongs to another deployment.
  expect(await list('', { env: { LATCHKEY_SECRET: OTHER } })).toMatchObject({ signedBy: FIRST });
  expect((await list('', { isTerminal: true })).err).toBe('local cloud, port base 9000\n');
});

test('with two local clouds the user has to choose', async ({ expect, onTestFinished }) => {
  const { list } = aProject(onTestFinished, { 9400: SECOND, 9000: FIRST });
  const unclear = await list('');
  expect([unclear.exit, unclear.err]).toEqual([
    2,
    'Cannot choose a local cloud: several are running: 9000, 9400\n  choose one: --local 9000\n',
  ]);
  expect(await list('--local 9400')).toMatchObject({
    url: 'http://127.0.0.1:9400',
    signedBy: SECOND,
  });
});

test('flags and environment win over a running local cloud', async ({ expect, onTestFinished }) => {
  const { list } = aProject(onTestFinished, { 9000: FIRST });
  const env = { LATCHKEY_URL: 'https://a.example.com', LATCHKEY_SECRET: OTHER };
  expect(await list('', { env })).toMatchObject({ url: 'https://a.example.com', signedBy: OTHER });
  expect(await list('--url https://b.example.com', { env })).toMatchObject({
    url: 'https://b.example.com',
  });
  expect(await list('--local 9000', { env })).toMatchObject({ signedBy: FIRST });
  expect(await list('--url http://127.0.0.1:9000', {})).toMatchObject({ signedBy: FIRST });
});

test('the secret comes from a file or the environment, and the first of several signs', async ({
  expect,
  onTestFinished,
}) => {
  const { list, projectFolder } = aProject(onTestFinished, {});
  const file = join(projectFolder, 'secret');
  writeFileSync(file, `${SECOND} ${OTHER}\n`);
  const env = { LATCHKEY_URL: 'https://a.example.com', LATCHKEY_SECRET: OTHER };
  expect(await list(`--secret-file ${file}`, { env })).toMatchObject({ signedBy: SECOND });
  expect(await list('', { env: { ...env, LATCHKEY_SECRET_FILE: file } })).toMatchObject({
    signedBy: SECOND,
  });
  expect(await list('', { env: { ...env, LATCHKEY_SECRET_FILE: '' } })).toMatchObject({
    signedBy: OTHER,
  });
});

test('no flag takes a secret', async ({ expect, onTestFinished }) => {
  const { list } = aProject(onTestFinished, { 9000: FIRST });
  expect((await list(`--secret ${OTHER}`)).exit).toBe(2);
});

test.for(['doctor', 'audit', 'provision', 'redrive', 'who ops', 'invoke f -'])(
  '%s refuses another region with a local cloud',
  async (command, { expect, onTestFinished }) => {
    const { io } = aProject(onTestFinished, { 9000: FIRST });
    const { exit, err } = await run([...command.split(' '), '--region', 'cn-beijing'], io);
    expect(exit).toBe(2);
    expect(err).toBe('Cannot use region "cn-beijing": the local cloud is in cn-hangzhou\n');
  },
);

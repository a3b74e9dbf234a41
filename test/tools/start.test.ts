import { execFile, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';
import { signedCurl } from '../../local/start/signed-curl.ts';
import { PROJECT_FOLDER } from '../../local/start-local-cloud.ts';
import { eventually } from '../local/fc/eventually.ts';
import { processState } from '../local/fc/instances.ts';
import { freePortBase } from './free-ports.ts';

const run = promisify(execFile);

/** Building the bundles comes first: a busy machine may take this long. */
const START_MS = 45_000;

/** What `npm start` runs. */
function start(...options: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/start.ts', ...options], {
    cwd: PROJECT_FOLDER,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([once(child, 'exit'), text(child.stderr)]).then(
    ([[exitCode], stderr]) => ({ exitCode: exitCode as number, stderr }),
  );
  return { child, ended };
}

test('the ready-made command signs what it posts', async ({ expect, onTestFinished }) => {
  const requests: { headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((incoming, outgoing) => {
    void text(incoming).then((body) => {
      requests.push({ headers: incoming.headers, body });
      outgoing.end('received');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const key = randomBytes(32);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rollouts`;
  const body = { note: `it's "quoted" $HOME \\ ü` };

  const { stdout } = await run('sh', [
    '-c',
    signedCurl(url, body, `whsec_${key.toString('base64')}`),
  ]);

  expect(stdout).toBe('received');
  const [{ headers, body: sent } = { headers: {}, body: '' }] = requests;
  expect(JSON.parse(sent)).toEqual(body);
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${sent}`;
  const signature = createHmac('sha256', key).update(signed).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${signature}`);
  expect(Number(headers['webhook-timestamp'])).toBeCloseTo(Date.now() / 1_000, -2);
});

describe('npm start', () => {
  test('stays up, serves the functions, and ends every process at Ctrl-C', async ({
    expect,
    onTestFinished,
  }) => {
    const portBase = await freePortBase();
    const { child, ended } = start('--port-base', String(portBase));
    onTestFinished(() => void child.kill('SIGKILL'));
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (shown += chunk));
    await eventually(() => expect(shown).toContain('Ctrl-C ends it.'), START_MS);

    const command = /^body=.*?^curl .*?$/ms.exec(shown)![0];
    const answer = JSON.parse((await run('sh', ['-c', command])).stdout) as object;
    const state = (await (await fetch(`http://127.0.0.1:${portBase + 9}/state`)).json()) as {
      fc: { functions: Record<string, { instances: { pid: number }[] }> };
    };
    const pids = Object.values(state.fc.functions).flatMap(({ instances }) =>
      instances.map(({ pid }) => pid),
    );
    child.kill('SIGINT');
    const { exitCode } = await ended;

    expect(answer).toMatchObject({ keyPair: { name: 'ops-2026' }, totalCount: 3 });
    expect(pids.length).toBeGreaterThan(0);
    expect(exitCode).toBe(130);
    expect(pids.map(processState)).toEqual(pids.map(() => undefined));
  }, 60_000);

  test('says in one line what is wrong with its options', async ({ expect, onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'start-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const seed = join(folder, 'fleet.json');
    writeFileSync(seed, 'not JSON');

    const [unknown, port, fleet] = await Promise.all(
      [['--bogus'], ['--port-base', '70000'], ['--seed', seed]].map(
        (options) => start(...options).ended,
      ),
    );

    expect(unknown).toEqual({ exitCode: 1, stderr: "Cannot start: Unknown option '--bogus'\n" });
    expect(port).toEqual({
      exitCode: 1,
      stderr: 'Cannot use --port-base "70000": it must be a whole number from 1 to 65525\n',
    });
    expect(fleet!.exitCode).toBe(1);
    expect(fleet!.stderr).toMatch(/^Cannot read ".*fleet\.json": .*\n$/);
  }, 30_000);
});

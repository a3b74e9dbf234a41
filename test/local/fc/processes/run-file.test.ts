import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import {
  identityOf,
  isAlive,
  type ProcessIdentity,
} from '../../../../local/cloud/fc/processes/process-identity.ts';
import { createRunFile, endLeftovers } from '../../../../local/cloud/fc/processes/run-file.ts';

type Finish = (run: () => void) => void;

function aFolder(onTestFinished: Finish): string {
  const folder = mkdtempSync(join(tmpdir(), 'fc-runs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A process that does nothing for as long as the test runs. */
function aProcess(onTestFinished: Finish): { child: ChildProcess; identity: ProcessIdentity } {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, identity: identityOf(child.pid!)! };
}

async function aDeadProcess(onTestFinished: Finish): Promise<ProcessIdentity> {
  const { child, identity } = aProcess(onTestFinished);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return identity;
}

function leave(folder: string, name: string, record: object): void {
  writeFileSync(join(folder, name), JSON.stringify({ launchers: [], children: [], ...record }));
}

describe('what a killed run left behind', () => {
  test('is ended, frozen processes too', async ({ expect, onTestFinished }) => {
    const folder = aFolder(onTestFinished);
    const { child, identity } = aProcess(onTestFinished);
    child.kill('SIGSTOP');
    leave(folder, 'run-9000.json', {
      main: await aDeadProcess(onTestFinished),
      children: [identity],
    });

    expect(await endLeftovers(folder, 9_500)).toBe(1);

    expect(isAlive(identity)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is spared when its number belongs to another process by now', async ({
    expect,
    onTestFinished,
  }) => {
    const folder = aFolder(onTestFinished);
    const { identity } = aProcess(onTestFinished);
    leave(folder, 'run-9000.json', {
      main: await aDeadProcess(onTestFinished),
      children: [{ ...identity, startedAt: 'another time' }],
    });

    expect(await endLeftovers(folder, 9_000)).toBe(0);

    expect(isAlive(identity)).toBe(true);
  });

  test('is ended with its main process when that lost who had started it', async ({
    expect,
    onTestFinished,
  }) => {
    const folder = aFolder(onTestFinished);
    const main = aProcess(onTestFinished).identity;
    const child = aProcess(onTestFinished).identity;
    const launchers = [await aDeadProcess(onTestFinished)];
    leave(folder, 'run-9000.json', { main, launchers, children: [child] });

    expect(await endLeftovers(folder, 9_500)).toBe(0);
    expect(await endLeftovers(folder, 9_000)).toBe(2);

    expect([main, child].map(isAlive)).toEqual([false, false]);
  });

  test('is no leftover while the run and who had started it live', async ({
    expect,
    onTestFinished,
  }) => {
    const folder = aFolder(onTestFinished);
    const main = aProcess(onTestFinished).identity;
    const launchers = [identityOf(process.pid)!];
    leave(folder, 'run-9000.json', { main, launchers });

    expect(await endLeftovers(folder, 9_000)).toBe(0);

    expect(isAlive(main)).toBe(true);
    expect(readdirSync(folder)).toEqual(['run-9000.json']);
  });

  test('cannot be told from a file that is cut: it is removed', async ({
    expect,
    onTestFinished,
  }) => {
    const folder = aFolder(onTestFinished);
    writeFileSync(join(folder, 'run-9000.json'), '{"main":');

    expect(await endLeftovers(folder, 9_000)).toBe(0);

    expect(readdirSync(folder)).toEqual([]);
  });
});

test('a run writes itself down only after its ports are its own', ({ expect, onTestFinished }) => {
  const folder = aFolder(onTestFinished);
  const { identity } = aProcess(onTestFinished);
  const runFile = createRunFile(folder, 9_000);
  runFile.add(identity.pid);
  expect(readdirSync(folder)).toEqual([]);

  runFile.open();
  const record = JSON.parse(readFileSync(join(folder, 'run-9000.json'), 'utf8')) as object;
  runFile.close();

  expect(record).toMatchObject({
    main: identityOf(process.pid),
    children: [identity],
  });
  expect((record as { launchers: object[] }).launchers[0]).toEqual(identityOf(process.ppid));
  expect(readdirSync(folder)).toEqual([]);
});

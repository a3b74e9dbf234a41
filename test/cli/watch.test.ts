import { stripVTControlCharacters } from 'node:util';
import { test } from 'vitest';
import { widthOf } from '../../cli/show/text.ts';
import { aFleet, refusing } from '../support/attach-service.ts';
import { aCli, answering, noConnection } from './cli-world.ts';

test('a log gets a line for each change, and each history entry', async ({ expect }) => {
  const cli = aCli(aFleet(3));
  const id = await cli.begin({ maxUnavailable: 2 });
  const { exit, out, err } = await cli.latchkey(`watch ${id} --every 5`);
  expect([exit, err]).toEqual([0, '']);
  const lines = out.trimEnd().split('\n');
  expect(lines.filter((line) => !line.startsWith('  ')).map((line) => line.slice(11))).toEqual([
    'restarting  wave 0/2  3 instances: to restart 3  about 2 min left',
    'restarting  wave 1/2  3 instances: restarting 1, to restart 2  restarting now: web-1 (i-a)  about 2 min left',
    'restarting  wave 2/2  3 instances: ready 1, restarting 2  restarting now: web-1 (i-b), web-1 (i-c)  about 60 s left',
    'done  wave 2/2  3 instances: ready 3',
  ]);
  expect(lines.filter((line) => line.includes('wave started'))).toHaveLength(2);
  expect(new Set(lines).size).toBe(lines.length);
});

test('a terminal frame is redrawn, with a bar for each wave', async ({ expect }) => {
  const cli = aCli(aFleet(3).map((one) => ({ ...one, name: `web-${one.instanceId}` })));
  const id = await cli.begin({ maxUnavailable: 2 });
  const { exit, out } = await cli.latchkey(`watch ${id}`, {
    isTerminal: true,
    env: { NO_COLOR: '1' },
  });
  expect(exit).toBe(0);
  const frames = out.split('\u001b[?2026h').slice(1);
  const text = (frame: string) =>
    stripVTControlCharacters(frame).replaceAll('\r', '').trimEnd().split('\n');
  const between = frames
    .map(text)
    .find((lines) => lines.some((line) => line.includes('2 restarting')))!;
  expect(between).toEqual([
    `${id}  restarting  key pair ops  wave 2 of 2`,
    `wave 1    ${'█'.repeat(40)}  1 ready`,
    `wave 2    ${'▒'.repeat(40)}  2 restarting`,
    '3 instances: ready 1, restarting 2',
    'restarting now: web-i-b (i-b), web-i-c (i-c)',
    'about 60 s left',
  ]);
  // The cursor moves up over the last frame, and clears it.
  expect(frames[1]!.startsWith('\u001b[4A\r')).toBe(true);
  expect(frames.every((frame) => frame.includes('\u001b[J\u001b[?2026l'))).toBe(true);
  expect(out).not.toContain('\u001b[1m');
});

test('no line of a frame is wider than the terminal', async ({ expect }) => {
  const cli = aCli(aFleet(9).map((one) => ({ ...one, name: `数据库服务器-${one.instanceId}` })));
  const id = await cli.begin({ maxUnavailable: '100%', ramp: 'canary' });
  const { out } = await cli.latchkey(`watch ${id}`, { isTerminal: true, columns: 40 });
  const frame = out.split('\u001b[?2026h').find((one) => one.includes('restarting now: 数'))!;
  const lines = stripVTControlCharacters(frame).replaceAll('\r', '').split('\n');
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(39);
  expect(frame).toContain('…');
});

test('a halt ends the watch with what failed and what can be done', async ({ expect }) => {
  const cli = aCli(aFleet(3), { ecs: refusing(new Set(['i-a'])) });
  const id = await cli.begin();
  const { exit, out } = await cli.latchkey(`watch ${id}`);
  expect(exit).toBe(1);
  expect(out).toContain('halted  wave 1/');
  expect(out).toMatch(/i-a +web-1 +cn-hangzhou-h +attached +failed +1 +OperationDenied/);
  expect(out).toContain(`npx latchkey resolve ${id} skip --all`);
});

test('--json prints a document a line, and the last one is complete', async ({ expect }) => {
  const cli = aCli(aFleet(2));
  const id = await cli.begin({ maxUnavailable: 2 });
  const { exit, out } = await cli.latchkey(`watch ${id} --json`);
  expect(exit).toBe(0);
  const documents = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(documents.length).toBeGreaterThan(3);
  expect(documents[0]).toMatchObject({ rolloutId: id, status: 'restarting' });
  expect(documents[0]).not.toHaveProperty('results');
  expect(documents.at(-1)).toEqual((await cli.get(`/rollouts/${id}`)).json);
});

test('--for-seconds ends the watch, and the rollout continues', async ({ expect }) => {
  const cli = aCli(aFleet(2));
  const id = await cli.begin();
  const startedMs = cli.world.now();
  const { exit, err } = await cli.latchkey(`watch ${id} --for-seconds 10 --every 4`);
  expect([exit, err]).toEqual([6, 'stopped watching after --for-seconds; the rollout continues\n']);
  expect(cli.world.now() - startedMs).toBe(8_000);
});

test('a short network outage is tolerated, and reported once', async ({ expect }) => {
  const cli = aCli(aFleet(2));
  const id = await cli.begin({ maxUnavailable: 2 });
  cli.troubles.push(...Array.from({ length: 7 }, () => noConnection));
  const { exit, err } = await cli.latchkey(`watch ${id}`);
  expect(exit).toBe(0);
  expect(err).toBe('Cannot reach "https://latchkey.example.com": no connection (ECONNREFUSED)\n');
});

test('after two minutes without an answer the watch ends', async ({ expect }) => {
  const cli = aCli(aFleet(2));
  const id = await cli.begin();
  cli.troubles.push(...Array.from({ length: 200 }, () => noConnection));
  const startedMs = cli.world.now();
  const { exit } = await cli.latchkey(`watch ${id}`);
  expect(exit).toBe(4);
  expect(cli.world.now() - startedMs).toBeGreaterThan(120_000);
  expect(cli.world.now() - startedMs).toBeLessThan(140_000);
});

test('a 502 that does not come from Latchkey is retried', async ({ expect }) => {
  const cli = aCli(aFleet(1));
  const id = await cli.begin();
  cli.troubles.push(answering(502, '<html>'), answering(502, '<html>'));
  expect((await cli.latchkey(`watch ${id}`)).exit).toBe(0);
});

test('attach --watch follows its rollout', async ({ expect }) => {
  const cli = aCli(aFleet(2));
  const { exit, out } = await cli.latchkey('attach ops i-a i-b --yes --watch');
  expect(exit).toBe(0);
  expect(out).toMatch(/\nro-[a-z2-7]{26}\n/);
  expect(out).toMatch(/done {2}wave 2\/2 {2}2 instances: ready 2\n$/);
});

test('a rollout that was aborted, or has failed instances, ends badly', async ({ expect }) => {
  const cli = aCli(aFleet(2), { ecs: refusing(new Set(['i-a'])) });
  const id = await cli.begin({ haltAfterFailures: 5 });
  await cli.io.pause(60_000);
  await cli.latchkey(`abort ${id}`);
  expect((await cli.latchkey(`watch ${id}`)).exit).toBe(1);
});

import { test } from 'vitest';
import { APPROVER_SECRET, aFleet, refusing } from '../support/attach-service.ts';
import { aCli, answerLost } from './cli-world.ts';

const APPROVER = { env: { LATCHKEY_SECRET: APPROVER_SECRET } };

const FLEET = aFleet(3).map((one) => ({ ...one, keyPairName: 'old' }));

/** One of three instances in three waves, the canary under way. */
async function begun(change: Readonly<Record<string, unknown>> = {}) {
  const cli = aCli(FLEET);
  const id = await cli.begin(change);
  await cli.io.pause(1_000);
  return { ...cli, id, statusOf: async () => (await cli.get(`/rollouts/${id}`)).json.status };
}

/** A rollout whose canary did not restart. */
async function halted() {
  const bad = new Set(['i-a']);
  const cli = aCli(FLEET, { ecs: refusing(bad) });
  const id = await cli.begin({ bakeSeconds: 0 });
  await cli.io.pause(60_000);
  return { ...cli, id, mend: () => bad.clear() };
}

test('a rollout is paused, resumed and aborted', async ({ expect }) => {
  const { latchkey, id } = await begun();
  const paused = await latchkey(`pause ${id}`);
  expect([paused.exit, paused.err]).toEqual([0, '']);
  expect(paused.out).toContain(`${id}  paused  key pair ops (fp-ops)\n`);
  expect(paused.out).toContain(
    `what you can do:\n  to go on, with a fresh budget of failures: npx latchkey resume ${id}\n  to restart no other: npx latchkey abort ${id}\n`,
  );
  expect((await latchkey(`resume ${id}`)).out).toContain(`${id}  restarting`);
  expect((await latchkey(`abort ${id}`)).out).toContain(`${id}  aborting`);
  const again = await latchkey(`resume ${id}`);
  expect(again.exit).toBe(3);
  expect(again.err).toContain(`Cannot resume rollout "${id}": it is aborted`);
});

test('a command whose answer was lost is sent again with its id, and done once', async ({
  expect,
}) => {
  const { latchkey, id, troubles, sent, get } = await begun();
  troubles.push(answerLost);
  expect((await latchkey(`pause ${id}`)).exit).toBe(0);
  expect(new Set(sent.map((one) => one.id)).size).toBe(1);
  const { history } = (await get(`/rollouts/${id}`)).json;
  expect(history.filter(({ what }: { what: string }) => what === 'paused')).toHaveLength(1);
});

test('approve shows the rollout, and approves the plan that was shown', async ({ expect }) => {
  const { latchkey, id, sent, get } = await begun({ approveWithinSeconds: 600 });
  const { planDigest } = (await get(`/rollouts/${id}`)).json;
  const unasked = await latchkey(`approve ${id}`, APPROVER);
  expect(unasked.exit).toBe(2);
  const { exit, out, asked } = await latchkey(`approve ${id}`, { ...APPROVER, answer: 'yes' });
  expect(exit).toBe(0);
  expect(asked).toEqual([`Approve ${planDigest}? [y/N] `]);
  expect(out).toMatch(/approval: waiting until .*Z/);
  expect(JSON.parse(sent.at(-1)!.body!)).toEqual({ rolloutId: id, action: 'approve', planDigest });
  const twice = await latchkey(`approve ${id} --yes`, APPROVER);
  expect([twice.exit, twice.err]).toEqual([3, `Cannot approve rollout "${id}": it is approved\n`]);
});

test('nobody can approve their own rollout, but who has the permission can deny it', async ({
  expect,
}) => {
  const { latchkey, id, statusOf } = await begun({ approveWithinSeconds: 600 });
  const own = await latchkey(`approve ${id} --yes`);
  expect(own.exit).toBe(3);
  expect(own.err).toContain('HTTP 403 forbidden');
  expect((await latchkey(`deny ${id}`, APPROVER)).exit).toBe(0);
  expect(await statusOf()).toBe('done');
  expect((await latchkey(`status ${id}`)).exit).toBe(1);
});

test('status of a halted rollout shows what failed and what can be done', async ({ expect }) => {
  const { latchkey, id } = await halted();
  const { exit, out } = await latchkey(`status ${id}`);
  expect(exit).toBe(1);
  expect(out).toContain(
    [
      'INSTANCE  NAME   ZONE           ATTACH    STATE       WAVE  DETAIL',
      'i-a       web-1  cn-hangzhou-h  attached  failed      1     OperationDenied: The operation is denied; read the message, then resolve it as retry or skip; replaced old',
      'i-b       web-1  cn-hangzhou-h  attached  to restart        replaced old',
      'i-c       web-1  cn-hangzhou-h  attached  to restart        replaced old',
      '',
    ].join('\n'),
  );
  expect(out).toContain('! bound but not restarted: 2 instances');
  expect(out).toContain(`to restart these once more: npx latchkey resolve ${id} retry --all\n`);
});

test('failed restarts are resolved by id or all at once, and the rollout continues', async ({
  expect,
}) => {
  const { latchkey, id, mend, sent, io } = await halted();
  const neither = await latchkey(`resolve ${id} retry`);
  expect(neither.exit).toBe(2);
  expect((await latchkey(`resolve ${id} retry i-a --all`)).exit).toBe(2);
  expect((await latchkey(`resolve ${id} undo i-a`)).exit).toBe(2);
  const other = await latchkey(`resolve ${id} retry i-b`);
  expect(other.exit).toBe(3);
  mend();
  expect((await latchkey(`resolve ${id} retry --all`)).exit).toBe(0);
  expect(JSON.parse(sent.at(-1)!.body!)).toEqual({
    rolloutId: id,
    action: 'resolve',
    as: 'retry',
    instanceIds: ['i-a'],
  });
  await latchkey(`resume ${id}`);
  await io.pause(600_000);
  const { exit, out } = await latchkey(`status ${id}`);
  expect(exit).toBe(0);
  expect(out).toContain('3 instances: ready 3; wave');
  expect((await latchkey(`resolve ${id} skip --all`)).err).toBe(
    `Cannot resolve rollout "${id}": it has no restart that is failed or unknown\n`,
  );
});

test('undo shows its plan, asks, and starts a new rollout', async ({ expect }) => {
  const { latchkey, id, io, sent } = await begun({ bakeSeconds: 0 });
  await io.pause(600_000);
  const { exit, out, asked } = await latchkey(`undo ${id}`, { answer: 'y' });
  expect(exit).toBe(0);
  expect(asked).toEqual([
    'Bind the previous key pairs to 3 instances and restart 3 instances? [y/N] ',
  ]);
  expect(out).toMatch(
    /^Plan: the previous key pairs on 3 instances\n\nINSTANCE +NAME +ZONE +KEY PAIR +ACTION +RESTART +WAVE\ni-a +web-1 +cn-hangzhou-h +old +attach +reboot +1\n/,
  );
  expect(out).toContain(`undoes ${id}`);
  expect(sent.map(({ body }) => JSON.parse(body!))).toEqual([
    { rolloutId: id, action: 'undo', dryRun: true },
    { rolloutId: id, action: 'undo' },
  ]);
});

test('stop holds everything without a question, list says so, and go asks before it continues', async ({
  expect,
}) => {
  const { latchkey } = await begun();
  const stopped = await latchkey('stop database_migration');
  expect(stopped.exit).toBe(0);
  expect(stopped.out).toMatch(
    /^everything is stopped since .*Z by ci msg_cli_1: database migration; 1 rollout held\n$/,
  );
  expect((await latchkey('list')).out).toContain('everything is stopped since');
  expect((await latchkey('go')).exit).toBe(2);
  const { asked, out } = await latchkey('go', { answer: 'y' });
  expect(asked).toEqual(['Lift the stop, for 1 rollout? [y/N] ']);
  expect(out).toMatch(/nothing is stopped; 1 open rollout\n$/);
  expect((await latchkey('go')).out).toBe('nothing is stopped; 1 open rollout\n');
});

test('list prints a line for each rollout, and --after continues it', async ({ expect }) => {
  const cli = aCli(aFleet(2));
  await cli.begin({ instanceIds: ['i-a'], note: 'first' });
  cli.world.pass(90_000);
  const second = await cli.begin({ instanceIds: ['i-b'], note: 'second' });
  const { out } = await cli.latchkey('list --limit 1');
  const [header, row, more] = out.split('\n');
  expect(header).toBe(
    'ROLLOUT                        STATUS      ASKED    KEY PAIR  INSTANCES  ATTACH      NOTE',
  );
  expect(row).toBe(`${second}  restarting  0 s ago  ops       1          attached 1  second`);
  const after = /^more: --after (\S+)$/.exec(more!)![1];
  const next = await cli.latchkey(`list --limit 1 --after ${after}`);
  expect(next.out).toContain('2 min ago');
  expect(next.out).toContain('first');
  const wrong = await cli.latchkey('list --limit 101');
  expect(wrong.exit).toBe(3);
  expect(wrong.err).toContain('\n  --limit  ');
  expect((await aCli().latchkey('list')).out).toBe('no rollouts\n');
});

test('an unknown rollout is not found', async ({ expect }) => {
  const { exit, err } = await aCli().latchkey(`status ro-${'a'.repeat(26)}`);
  expect(exit).toBe(3);
  expect(err).toContain('no such rollout\n  HTTP 404 not-found');
});

import { test } from 'vitest';
import type { Snapshot } from '../../shared/domain/model/instance.ts';
import { problemOf } from '../../shared/contract/problem.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { aFleet } from '../support/attach-service.ts';
import { aCli, answering, answerLost, noConnection } from './cli-world.ts';

/** One instance of each kind that a plan distinguishes. */
const FLEET: Partial<Snapshot>[] = [
  { instanceId: 'i-a', name: 'web-1', keyPairName: 'old' },
  { instanceId: 'i-b', name: '数据库-主', keyPairName: 'old' },
  { instanceId: 'i-c', name: 'off', status: 'Stopped', keyPairName: null },
  { instanceId: 'i-d', name: 'office\u001b[2J', osType: 'windows' },
  { instanceId: 'i-e', name: 'done', keyPairName: 'ops' },
];
const IDS = 'i-a i-b i-c i-d i-e';
const idOf = (out: string) => /ro-[a-z2-7]{26}/.exec(out)![0];

test('plan aligns columns for wide names and neutralises control characters in names', async ({
  expect,
}) => {
  const { latchkey, sent } = aCli(FLEET);
  const { exit, out, err } = await latchkey(`plan ops ${IDS}`);
  expect(err).toBe('');
  expect(exit).toBe(0);
  expect(out.replace(/sha256:[0-9a-f]{64}/, 'sha256:…').split('\n')).toEqual([
    'Plan: key pair ops (fp-ops) on 5 instances',
    '',
    'INSTANCE  NAME        ZONE           ACTION  RESTART  WAVE  WHY',
    'i-a       web-1       cn-hangzhou-h  attach  reboot   1',
    'i-b       数据库-主   cn-hangzhou-h  attach  reboot   2',
    'i-c       off         cn-hangzhou-h  attach',
    'i-d       office\ufffd[2J  cn-hangzhou-h  skip                   Windows takes no key pair',
    'i-e       done        cn-hangzhou-h  skip                   it has this key pair already, but whether the key logs in is unknown',
    '',
    'attach 3, reboot 2, skip 2',
    '2 waves: 2 times 1; at most 1 down at once; halts after 1 failure',
    'takes about 4 min (an estimate)',
    '! password login is turned off on 3 instances',
    '! key pair old is replaced on 2 instances',
    '! 1 instance already has this key pair, but Latchkey cannot tell whether it is active: --restart-already-attached restarts them',
    'digest sha256:…',
    '',
  ]);
  expect(sent.map(({ path, body }) => [path, JSON.parse(body!).dryRun])).toEqual([
    ['/rollouts', true],
  ]);
});

test('attach shows the plan, asks, and carries out exactly that plan', async ({ expect }) => {
  const { latchkey, sent } = aCli(FLEET);
  const { exit, out, asked } = await latchkey(`attach ops ${IDS} --note by_hand`, { answer: 'y' });
  expect(asked).toEqual(['Bind ops to 3 instances and restart 2 instances? [y/N] ']);
  expect(exit).toBe(0);
  const [plan, request] = sent.map(({ body }) => JSON.parse(body!));
  const digest = /digest (sha256:[0-9a-f]{64})/.exec(out)![1];
  expect(plan).toMatchObject({ dryRun: true });
  expect(request).toEqual({
    regionId: 'cn-hangzhou',
    keyPairName: 'ops',
    instanceIds: ['i-a', 'i-b', 'i-c', 'i-d', 'i-e'],
    restart: 'auto',
    note: 'by hand',
    expectedPlanDigest: digest,
  });
  expect(sent[0]!.id).not.toBe(sent[1]!.id);
  expect(out).toContain(`follow it: npx latchkey watch ${idOf(out)}`);
});

test.for([['n'], [''], ['yesterday']])(
  'attach treats the answer "%s" as no',
  async ([answer], { expect }) => {
    const { latchkey, sent } = aCli(FLEET);
    const { exit, err } = await latchkey(`attach ops ${IDS}`, { answer: answer! });
    expect([exit, err]).toEqual([6, 'Nothing was done: you said no\n']);
    expect(sent).toHaveLength(1);
  },
);

test('without a terminal attach does nothing unless --yes is given', async ({ expect }) => {
  const { latchkey, sent } = aCli(FLEET);
  const { exit, err } = await latchkey(`attach ops ${IDS}`);
  expect(exit).toBe(2);
  expect(err).toContain('this is no terminal\n  run it again with --yes to skip the question\n');
  expect(sent).toHaveLength(1);
  expect((await latchkey(`attach ops ${IDS} --json`, { answer: 'y' })).exit).toBe(2);
  expect((await latchkey(`attach ops ${IDS} --yes`)).exit).toBe(0);
});

test('a plan that changed before the answer is not carried out, and the difference is printed', async ({
  expect,
}) => {
  const { latchkey, world } = aCli(FLEET);
  const plan = JSON.parse((await latchkey(`plan ops ${IDS} --json`)).out);
  await world.ecs.attachKeyPair('ops', ['i-b']);
  const { exit, err } = await latchkey(`attach ops ${IDS} --yes --expect ${plan.planDigest}`);
  expect(exit).toBe(5);
  expect(err).toMatch(
    /~ i-b: attach, reboot, now already-attached, none\n {2}the plan now: sha256:/,
  );
  expect(await world.rollouts.open()).toEqual([]);
});

test.for([
  ['alone', 'i-typo', /nothing to do/],
  ['beside others', 'i-a i-typo', /attached 1|to restart 1/],
])('a named instance that does not exist, %s, is an error', async ([, ids, out], { expect }) => {
  const { latchkey } = aCli(FLEET);
  const ran = await latchkey(`attach ops ${ids} --yes`);
  expect(ran.exit).toBe(1);
  expect(ran.out).toMatch(out as RegExp);
  expect(ran.err).toBe('Cannot attach to "i-typo": no such instance in cn-hangzhou\n');
});

test('a plan that changes nothing starts no rollout', async ({ expect }) => {
  const { latchkey, sent } = aCli(FLEET);
  const { exit, out } = await latchkey('attach ops i-d i-e', { answer: 'y' });
  expect(exit).toBe(0);
  expect(out).toMatch(/\nnothing to do\n$/);
  expect(sent).toHaveLength(1);
});

test('--json prints the unchanged answer', async ({ expect }) => {
  const { latchkey, get } = aCli(FLEET);
  const { out } = await latchkey(`attach ops ${IDS} --yes --json`);
  const { rolloutId } = JSON.parse(out);
  expect(JSON.parse(out)).toEqual((await get(`/rollouts/${rolloutId}`)).json);
});

test('a request without an answer is sent again with the same id', async ({ expect }) => {
  const { latchkey, sent, troubles, world } = aCli(FLEET);
  troubles.push((http) => http, answerLost, noConnection);
  const startedMs = world.now();
  const { exit, err } = await latchkey(`attach ops ${IDS} --yes --id mine-1`);
  expect(exit).toBe(0);
  expect(err).toBe(
    'the connection broke (ECONNRESET): trying again in 1 s\nno connection (ECONNREFUSED): trying again in 3 s\n',
  );
  expect(world.now() - startedMs).toBe(4_000);
  expect(sent.slice(1).map(({ id }) => id)).toEqual(['mine-1', 'mine-1', 'mine-1']);
  expect(new Set(sent.slice(1).map(({ body }) => body)).size).toBe(1);
  expect(await world.rollouts.open()).toHaveLength(1);
});

test('after the third try the error says how to repeat the request', async ({ expect }) => {
  const { latchkey, troubles } = aCli(FLEET);
  troubles.push((http) => http, answerLost, answerLost, answerLost);
  const { exit, err } = await latchkey(`attach ops ${IDS} --yes --id mine-1`);
  expect(exit).toBe(4);
  expect(err).toContain('Cannot reach "https://latchkey.example.com": the connection broke');
  expect(err).toContain('repeat it with --id mine-1, and it is done only once');
});

test('Retry-After is respected, and one that is too long ends the command', async ({ expect }) => {
  const { latchkey, troubles, world, sent } = aCli(FLEET);
  const error = new LatchkeyError('unavailable', 'Cannot save: busy');
  const problem = JSON.stringify(problemOf(error, '1-2'));
  troubles.push(answering(503, problem, { 'retry-after': '20' }));
  const startedMs = world.now();
  expect((await latchkey('list')).exit).toBe(0);
  expect(world.now() - startedMs).toBe(20_000);
  troubles.push(answering(503, problem, { 'retry-after': '600' }));
  const { exit, err } = await latchkey('list');
  expect([exit, err]).toEqual([
    4,
    'Cannot save: busy\n  HTTP 503 unavailable, request 1-2, try again in 10 min\n',
  ]);
  expect(sent).toHaveLength(4);
});

test('each fault names the flag or argument that caused it', async ({ expect }) => {
  const { latchkey } = aCli(FLEET);
  const { exit, err } = await latchkey(
    'plan no! --tag team=web --key-pair old* --bake-seconds 100000 --ramp steep --halt-after-failures 0',
  );
  expect(exit).toBe(3);
  for (const flag of [
    'KEY_PAIR',
    '--key-pair',
    '--bake-seconds',
    '--ramp',
    '--halt-after-failures',
  ]) {
    expect(err).toMatch(new RegExp(`\n {2}${flag} +Cannot take `));
  }
  expect(err).toMatch(/HTTP 422 not-valid, request 1-/);
});

test('a refusal by the policy names the flag that asked for it', async ({ expect }) => {
  const { latchkey } = aCli(FLEET);
  const { exit, err } = await latchkey('plan theirs i-a');
  expect(exit).toBe(3);
  expect(err).toMatch(/\n {2}KEY_PAIR {2}/);
  expect(err).toContain('HTTP 403 forbidden');
});

test('a wrong instance id is reported with its line', async ({ expect }) => {
  const { latchkey, sent } = aCli(FLEET);
  const input = '# the web servers\ni-a  # canary\n\nweb-1\n';
  const { exit, err } = await latchkey('plan ops -', { input });
  expect([exit, err]).toEqual([
    2,
    'Cannot use "web-1": line 4 of standard input is no instance id, such as "i-bp67acfmxazb4p"\n',
  ]);
  expect(sent).toEqual([]);
});

test('ids come from arguments, a file and standard input, each once', async ({ expect }) => {
  const { latchkey, sent } = aCli(aFleet(3));
  const { exit } = await latchkey('plan ops i-a - i-a', { input: 'i-b\r\ni-c\r\n' });
  expect(exit).toBe(0);
  expect(JSON.parse(sent[0]!.body!).instanceIds).toEqual(['i-a', 'i-b', 'i-c']);
});

test('every condition flag sets its field of the selector', async ({ expect }) => {
  const { latchkey, sent } = aCli(FLEET);
  await latchkey(
    'plan ops --tag team=web --tag eq=a=b --key-pair old --zone z-1 --vpc vpc-1 --resource-group rg-1 --name-prefix we',
  );
  expect(JSON.parse(sent[0]!.body!)).toEqual({
    regionId: 'cn-hangzhou',
    keyPairName: 'ops',
    restart: 'auto',
    dryRun: true,
    selector: {
      tags: { team: 'web', eq: 'a=b' },
      keyPairName: 'old',
      zoneId: 'z-1',
      vpcId: 'vpc-1',
      resourceGroupId: 'rg-1',
      namePrefix: 'we',
    },
  });
});

test('every option of a request has its flag', async ({ expect }) => {
  const { latchkey, sent } = aCli(FLEET);
  await latchkey(
    'plan ops i-a --restart never --start-stopped --restart-already-attached --attach-mode wave --max-unavailable 5 --ramp canary --group-by app --halt-after-failures 3 --bake-seconds 0 --ready-timeout-seconds 90 --approve-within-seconds 600 --break-glass fire --note why',
  );
  expect(JSON.parse(sent[0]!.body!)).toEqual({
    regionId: 'cn-hangzhou',
    keyPairName: 'ops',
    instanceIds: ['i-a'],
    restart: 'never',
    startStopped: true,
    restartAlreadyAttached: true,
    attach: 'wave',
    maxUnavailable: '5',
    ramp: 'canary',
    groupBy: 'app',
    haltAfterFailures: 3,
    bakeSeconds: 0,
    readyTimeoutSeconds: 90,
    approveWithinSeconds: 600,
    breakGlass: 'fire',
    note: 'why',
    dryRun: true,
  });
});

test.for([
  ['plan', "error: missing required argument 'key-pair'"],
  ['plan ops', 'Cannot choose instances: none is named'],
  ['plan ops i-a --tag a=b', 'Cannot use ids and conditions together'],
  ['plan ops --tag team', 'Cannot use --tag "team": must be key=value'],
  ['plan ops --tag a=1 --tag a=2', 'Cannot use --tag "a=2": "a" is given twice'],
  ['plan ops --file /nowhere/ids', 'Cannot read ids from "/nowhere/ids": ENOENT'],
  ['plan ops i-a --bake-seconds 1m', 'Cannot use --bake-seconds "1m": must be a whole number'],
  ['plan ops i-a --frce', "error: unknown option '--frce'"],
  ['attach ops i-a --expect abc', 'Cannot use digest "abc"'],
  ['attach ops i-a --id a/b', 'Cannot use --id "a/b"'],
  ['status ro-1', 'Cannot use "ro-1": must be a rollout id'],
  ['watch ro-aaaaaaaaaaaaaaaaaaaaaaaaaa --every 0', 'Cannot use --every "0"'],
  ['list --url ftp://x', 'Cannot use --url: Cannot use endpoint "ftp://x"'],
  ['list --url http://example.com', 'plain http is for loopback hosts only'],
  ['list --local nine', 'Cannot use --local "nine": must be a port'],
  ['list --local 9000', 'Cannot use local cloud "9000": none is running there'],
  ['list --local 9000 --url https://x', 'Cannot use --url and --local together'],
  ['list --secret-file /nowhere/s', 'Cannot read the secret from "/nowhere/s": ENOENT'],
  ['plan ops i-a --region nowhere', 'Cannot use region "nowhere"'],
  ['rotate ops ops', 'Cannot rotate: old and new key pair are the same'],
  ['frobnicate', "error: unknown command 'frobnicate'"],
])('%s is wrong usage', async ([args, message], { expect }) => {
  const { latchkey, sent } = aCli(FLEET);
  const { exit, out, err } = await latchkey(args!);
  expect(exit).toBe(2);
  expect(err).toContain(message);
  expect(out).toBe('');
  expect(sent).toEqual([]);
});

test('a malformed secret is refused and never printed', async ({ expect }) => {
  const { latchkey } = aCli(FLEET);
  const { exit, out, err } = await latchkey('list', { env: { LATCHKEY_SECRET: 'whsec_c2hvcnQ=' } });
  expect(exit).toBe(2);
  expect(err).toContain('Cannot use the webhook secret: has 5 bytes');
  expect(out + err).not.toContain('c2hvcnQ');
});

test.for([
  [{ LATCHKEY_URL: '' }, 'Cannot find Latchkey: no URL is given, and no local cloud is running'],
  [{ LATCHKEY_SECRET: '' }, 'Cannot sign the request: no secret is given'],
  [{ REGION_ID: '' }, 'Cannot choose a region: set --region or REGION_ID'],
] as const)('without %o it says what is missing', async ([env, message], { expect }) => {
  const { latchkey } = aCli(FLEET);
  const { exit, err } = await latchkey('plan ops i-a', { env });
  expect(exit).toBe(2);
  expect(err).toContain(message);
});

test('an unknown client is refused', async ({ expect }) => {
  const { latchkey } = aCli(FLEET);
  const LATCHKEY_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
  const { exit, err } = await latchkey('list', { env: { LATCHKEY_SECRET } });
  expect(exit).toBe(3);
  expect(err).toContain('not signed by a known secret');
});

test('an answer of another service is an error', async ({ expect }) => {
  const { latchkey, troubles } = aCli(FLEET);
  troubles.push(answering(200, '{"hello":"world"}'));
  const other = await latchkey('list');
  expect([other.exit, other.err]).toEqual([
    4,
    'Cannot read the list: "rollouts" in the answer is missing or malformed\n',
  ]);
  troubles.push(answering(302, 'moved\u001b[2J'));
  const moved = await latchkey('list');
  expect(moved.exit).toBe(3);
  expect(moved.err).toContain('Cannot read the answer: HTTP 302 moved\ufffd[2J');
});

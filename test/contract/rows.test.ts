import { test } from 'vitest';
import { type AuditEntry, auditEntriesOf } from '../../shared/domain/model/audit.ts';
import { newCardState } from '../../shared/domain/chat/card-refresh.ts';
import type { CardState } from '../../shared/domain/model/chat-ports.ts';
import type { InstanceMemory } from '../../shared/domain/model/instance.ts';
import { digestOf } from '../../shared/domain/plan/plan.ts';
import { answerProbe, PROBE_CLIENT } from '../../shared/domain/rollouts/probe.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import { readAudit, tablestoreAudit } from '../../shared/outbound/store/audit-trail.ts';
import { tablestoreCards } from '../../shared/outbound/store/cards.ts';
import { tablestoreGlobalStop } from '../../shared/outbound/store/global-stop.ts';
import { tablestoreMemories } from '../../shared/outbound/store/instance-memories.ts';
import { tablestorePlanMemory } from '../../shared/outbound/store/plan-memory.ts';
import { tablestoreLedger } from '../../shared/outbound/store/request-ledger.ts';
import { tablestoreRollouts } from '../../shared/outbound/store/rollouts.ts';
import { anEntry, anInstance, next } from '../shared/outbound/store/builders.ts';
import { withTablestore } from '../shared/outbound/tablestore/bench.ts';
import { aSummary, sha256, silent } from '../models/builders.ts';
import { aPlace } from '../support/chat-builders.ts';
import { expectGolden } from './golden.ts';
import { recordedWrites } from './recorded-writes.ts';
import { BARE, FULL, INSTANCES, LAUNCHED, REPLY_TO, T0 } from './samples.ts';

type Recorded = ReturnType<typeof recordedWrites>;

const recording = (use: (recorded: Recorded) => Promise<void>) =>
  withTablestore(({ client }) => use(recordedWrites(client)));

function storeOver({ client }: Recorded) {
  let writes = 0;
  return tablestoreRollouts(client, { log: silent, newWriter: () => `writer-${++writes}` });
}

test('the row of a rollout is as it was, and is read as what was written', ({ expect }) =>
  recording(async (recorded) => {
    const { during, sections } = recorded;
    const store = storeOver(recorded);
    for (const [title, rollout] of [
      ['a full rollout', FULL],
      ['a bare one', BARE],
      ['one of a launch, aborted', LAUNCHED],
    ] as const) {
      await during(`create ${title}`, () => store.create(rollout));
      expect(await store.load(rollout.rolloutId)).toEqual(rollout);
    }
    const instances = BARE.instances.with(1, {
      ...BARE.instances[1]!,
      attach: INSTANCES[7]!.attach,
    });
    const history = [...BARE.history, anEntry(1), anEntry(2, { what: 'done', count: 0 })];
    const changed = next(BARE, { instances, history, phase: 'closing', control: FULL.control });
    await during('save what changed', () => store.save(BARE, changed));
    expect(await store.load(BARE.rolloutId)).toEqual(changed);
    expectGolden(expect, 'rows-rollout.txt', sections);
  }));

test('what does not fit the column of an instance is clipped as it was', ({ expect }) =>
  recording(async (recorded) => {
    const { during, sections } = recorded;
    const store = storeOver(recorded);
    const message = `Stopping, ${'and stopping, '.repeat(20)}after 300 s`;
    const long = anInstance(0, {
      name: '网'.repeat(60),
      attach: INSTANCES[7]!.attach,
      restart: { ...FAILED, message },
    });
    const rollout: Rollout = { ...BARE, instances: [long] };
    await during('create one with long texts', () => store.create(rollout));
    const [read] = (await store.load(rollout.rolloutId))!.instances;
    expect({ ...read, name: '', restart: FAILED }).toEqual({ ...long, name: '', restart: FAILED });
    expectGolden(expect, 'rows-clipped.txt', sections);
  }));

const FAILED = {
  kind: 'failed',
  how: 'reboot',
  attempt: 1,
  code: 'ReadyTimeout',
  message: '',
  requestId: '',
  runningAtMs: null,
} as const;

test('the index is as it was, and lists what was written', ({ expect }) =>
  recording(async (recorded) => {
    const { during, sections } = recorded;
    const store = storeOver(recorded);
    const [bare, launched] = [BARE, LAUNCHED].map(({ rolloutId, createdAtMs }) => ({
      rolloutId,
      createdAtMs,
    }));
    await store.create(BARE);
    await store.create(LAUNCHED);
    expect(await store.open()).toEqual([bare, launched]);
    expect(await store.newest(2)).toEqual([launched, bare]);
    expect(await store.countOpen(BARE.origin, 5)).toBe(1);
    await during('close', () => store.close(BARE));
    expect(await store.open()).toEqual([launched]);
    await during('reopen', () => store.reopen({ ...BARE, createdAtMs: T0 + 7 }));
    expect(await store.open()).toEqual([{ ...bare, createdAtMs: T0 + 7 }, launched]);
    expectGolden(expect, 'rows-index.txt', sections);
  }));

test('requests and answered probes are as they were', ({ expect }) =>
  recording(async ({ client, during, sections }) => {
    const ledger = tablestoreLedger(client);
    const refusals = [{ vendorCode: 'Forbidden.RAM', message: 'User "x" is not authorized' }];
    await during('take', () => ledger.take('ci', 'msg_1', 'd'.repeat(64)));
    expect(await ledger.take('ci', 'msg_1', 'd'.repeat(64))).toBe('open');
    await during('finish', () => ledger.finish('ci', 'msg_1'));
    expect(await ledger.take('ci', 'msg_1', 'd'.repeat(64))).toBe('done');
    await during('answer a probe', () => answerProbe('probe-1', refusals, ledger));
    expect(await ledger.take(PROBE_CLIENT, 'probe-1', '[]')).toBe('another');
    expectGolden(expect, 'rows-requests.txt', sections);
  }));

const MEMORY: InstanceMemory = {
  instanceId: 'i-a',
  holder: null,
  bound: { name: 'ops-2026', fingerprint: 'f'.repeat(32), atMs: T0 },
  readyAtMs: T0 + 1,
  previousKeyPairName: 'ops-2025',
  doubtAtMs: T0 + 2,
  notRunningAtMs: T0 + 3,
  launch: { rolloutId: 'ro-b', ownerUntilMs: T0 + 5 },
};

test('what is remembered of instances is as it was, and is read as what was written', ({
  expect,
}) =>
  recording(async ({ client, during, sections }) => {
    const memories = tablestoreMemories(client, 'cn-hangzhou');
    const nothing = { readyAtMs: null, doubtAtMs: null, notRunningAtMs: null } as const;
    const firstBound = { ...MEMORY, instanceId: 'i-b', previousKeyPairName: null, ...nothing };
    const unbound = { ...firstBound, instanceId: 'i-c', bound: null };
    const ids = ['i-a', 'i-b', 'i-c'];
    await during('hold', () => memories.hold('ro-a', ids));
    expect((await memories.recall(['i-a'])).get('i-a')?.holder).toBe('ro-a');
    await during('witness', () => memories.witness('i-a', T0 + 3));
    await during('release', () => memories.release('ro-a', [MEMORY, firstBound, unbound]));
    await during('claim launches', () => memories.claimLaunch('ro-a', ids, T0 + 4));
    const dead = new Map([['i-a', { rolloutId: 'ro-a', ownerUntilMs: T0 + 4 }]]);
    await during('claim a dead one', () => memories.claimLaunch('ro-b', ['i-a'], T0 + 5, dead));
    const launch = { rolloutId: 'ro-a', ownerUntilMs: T0 + 4 };
    const expected = [MEMORY, { ...firstBound, launch }, { ...unbound, launch }];
    expect([...(await memories.recall(ids)).values()]).toEqual(expected);
    expectGolden(expect, 'rows-instances.txt', sections);
  }));

test('the stop is as it was, and is read as what was written', ({ expect }) =>
  recording(async ({ client, during, sections }) => {
    const stop = tablestoreGlobalStop(client, 'cn-hangzhou');
    const set = { by: 'alice', atMs: T0, reason: '停: "incident" 7' };
    await during('stop', () => stop.set(set));
    expect(await stop.read()).toEqual(set);
    await during('go', () => stop.set(null));
    expect(await stop.read()).toBeNull();
    expectGolden(expect, 'rows-stop.txt', sections);
  }));

test('a plan is as it was, and is read as what was written', ({ expect }) =>
  recording(async ({ client, during, sections }) => {
    const plans = tablestorePlanMemory(client, { sha256, log: silent });
    const options = {
      restart: 'auto',
      startStopped: true,
      bakeSeconds: 60,
      groupBy: null,
    } as const;
    const instances = [
      ['i-a', 'attach', 'reboot'],
      ['i-b', 'skip'],
    ];
    for (const [title, summary] of [
      ['a full plan', aSummary({ options, instances })],
      ['one of nothing', aSummary({ options: {}, instances: [] })],
    ] as const) {
      const digest = digestOf(summary, sha256);
      await during(`remember ${title}`, () => plans.remember(digest, summary));
      expect(await plans.recall(digest)).toEqual(summary);
    }
    expectGolden(expect, 'rows-plans.txt', sections);
  }));

test('cards are as they were, and are read as what was written', ({ expect }) =>
  recording(async ({ client, during, sections }) => {
    let writes = 0;
    const cards = tablestoreCards(client, { newWriter: () => `writer-${++writes}` });
    const feishu = aPlace({ platform: 'feishu', tenant: 'tenant0001', channel: 'oc_0095' });
    const fresh: CardState = { ...newCardState(FULL.rolloutId, feishu), version: 1 };
    const shown: CardState = {
      ...fresh,
      version: 2,
      messageId: 'om_1',
      reposts: 1,
      ownerUntilMs: T0 + 1,
      shownDigest: 'shown',
      shownAtMs: T0 + 2,
      shownVersion: 7,
      failedDigest: 'failed',
      failures: 3,
      notBeforeMs: T0 + 3,
      gone: 'the channel is gone',
      wakeAtMs: T0 + 4,
      notifiedAtMs: T0 + 5,
    };
    await during('save a new one', () => cards.save(undefined, fresh));
    expect(await cards.load(FULL.rolloutId, feishu)).toEqual(fresh);
    await during('save another version', () => cards.save(fresh, shown));
    expect(await cards.load(FULL.rolloutId, feishu)).toEqual(shown);
    const slack = { ...fresh, place: REPLY_TO.place };
    await during('save one for another place', () => cards.save(undefined, slack));
    expect(await cards.load(FULL.rolloutId, REPLY_TO.place)).toEqual(slack);
    expectGolden(expect, 'rows-cards.txt', sections);
  }));

test('the audit trail is as it was, and is read as what was written', ({ expect }) =>
  recording(async ({ client, during, sections }) => {
    const entries = [BARE, FULL].flatMap((rollout) => auditEntriesOf(rollout));
    await during('append', () => tablestoreAudit(client).append(entries));
    const read: AuditEntry[] = [];
    for await (const entry of readAudit(client, T0 - 1, T0 + 1)) read.push(entry);
    expect(read).toEqual(entries);
    expectGolden(expect, 'rows-audit.txt', sections);
  }));

import fc from 'fast-check';
import { describe, test } from 'vitest';
import {
  answeredAtMs,
  noteOf,
  united,
  verdictOn,
} from '../../../../shared/domain/launch/launches.ts';
import type { Launch } from '../../../../shared/domain/model/launch.ts';
import { aLaunchRule, aSnapshot, NOW_MS } from '../../../models/builders.ts';

function aLaunch(over: Partial<Launch> = {}): Launch {
  return {
    instanceId: 'i-a',
    regionId: 'cn-hangzhou',
    accountId: '1000',
    launchedBy: null,
    launchTemplates: null,
    eventKey: 'acs.ecs/1',
    eventName: 'Created',
    source: 'state-change',
    atMs: NOW_MS,
    lastCall: false,
    tries: 0,
    ...over,
  };
}

/** What events tell of one launch differs in how much, not in what. */
const told = (...names: string[]) => fc.option(fc.constant(names));

const launch: fc.Arbitrary<Launch> = fc.record({
  instanceId: fc.constantFrom('i-a', 'i-b', 'i-c'),
  regionId: fc.constant('cn-hangzhou'),
  accountId: fc.option(fc.constant('1000')),
  launchedBy: told('lin', '1000'),
  launchTemplates: told('lt-1'),
  eventKey: fc.uuid(),
  eventName: fc.constant('RunInstances'),
  source: fc.constantFrom('action-trail', 'state-change', 'auto-scaling'),
  atMs: fc.integer({ min: NOW_MS - 10_000, max: NOW_MS }),
  lastCall: fc.boolean(),
  tries: fc.nat(12),
});

describe('events of one instance', () => {
  test('become one launch, the same in whatever order they come', ({ expect }) => {
    fc.assert(
      fc.property(fc.array(launch), fc.infiniteStream(fc.nat()), (launches, numbers) => {
        const shuffled = launches
          .map((one) => ({ one, at: numbers.next().value }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ one }) => one);
        expect(united(shuffled)).toEqual(united(launches));
        const ids = new Set(launches.map(({ instanceId }) => instanceId));
        expect(united(launches).map(({ instanceId }) => instanceId)).toEqual([...ids].toSorted());
      }),
    );
  });

  test('united in parts are the same as united at once', ({ expect }) => {
    fc.assert(
      fc.property(fc.array(launch), fc.array(launch), (some, others) => {
        expect(united([...united(some), ...united(others)])).toEqual(united([...some, ...others]));
      }),
    );
  });

  test('know together what any of them knows', ({ expect }) => {
    const told = aLaunch({
      source: 'action-trail',
      eventName: 'RunInstances',
      accountId: null,
      launchedBy: ['lin'],
      atMs: NOW_MS + 1_000,
    });
    const both = { ...told, accountId: '1000', atMs: NOW_MS, lastCall: true, tries: 3 };
    expect(united([aLaunch({ lastCall: true, tries: 3 }), told])).toEqual([both]);
  });
});

describe('a launch', () => {
  const rules = [aLaunchRule({ delaySeconds: 60 })];

  test('is asked for when its rule says so, and not before', ({ expect }) => {
    const at = (nowMs: number) => verdictOn(aLaunch(), aSnapshot(), rules, nowMs);
    expect(at(NOW_MS)).toMatchObject({ kind: 'later', notBeforeMs: NOW_MS + 60_000 });
    expect(at(NOW_MS + 59_999)).toMatchObject({ kind: 'later' });
    expect(at(NOW_MS + 60_000)).toEqual({ kind: 'ask', rule: rules[0] });
  });

  test('that nobody sees is looked for again, and given up after two minutes', ({ expect }) => {
    const at = (nowMs: number) => verdictOn(aLaunch(), undefined, rules, nowMs);
    expect(at(NOW_MS + 5_000)).toMatchObject({ kind: 'later', notBeforeMs: NOW_MS + 15_000 });
    expect(at(NOW_MS + 120_000)).toEqual({ kind: 'drop', why: 'gone' });
  });

  test('that only ActionTrail could decide waits for it, and is then decided without', ({
    expect,
  }) => {
    const byLin = [aLaunchRule({ name: 'lin', match: { launchedBy: ['lin'] } }), aLaunchRule()];
    const at = (nowMs: number) => verdictOn(aLaunch(), aSnapshot(), byLin, nowMs);
    expect(at(NOW_MS)).toEqual({
      kind: 'later',
      notBeforeMs: NOW_MS + 900_000,
      launch: aLaunch({ lastCall: true }),
    });
    expect(at(NOW_MS + 900_000)).toEqual({ kind: 'ask', rule: byLin[1] });
    const told = aLaunch({ launchedBy: ['lin'] });
    expect(verdictOn(told, aSnapshot(), byLin, NOW_MS)).toEqual({ kind: 'ask', rule: byLin[0] });
  });

  test.for<[string, Partial<Launch>, number | null, string]>([
    ['of an old instance by a scale-out', { source: 'auto-scaling' }, NOW_MS - 3_600_001, 'drop'],
    ['of a new one by a scale-out', { source: 'auto-scaling' }, NOW_MS - 3_600_000, 'ask'],
    ['by a scale-out, of nobody knows what age', { source: 'auto-scaling' }, null, 'drop'],
    ['told by ECS, whatever the age', {}, NOW_MS - 86_400_000, 'ask'],
  ])('%s', ([, over, createdAtMs, kind], { expect }) => {
    const verdict = verdictOn(aLaunch(over), aSnapshot({ createdAtMs }), [aLaunchRule()], NOW_MS);
    expect(verdict.kind).toBe(kind);
  });

  test('is always decided in the end, whatever is known of it', ({ expect }) => {
    const all = [
      aLaunchRule({ match: { launchTemplates: ['lt-1'] } }),
      aLaunchRule({ match: { launchedBy: ['lin'] }, delaySeconds: 3_600 }),
      aLaunchRule({ match: { accountIds: ['1000'] } }),
    ];
    fc.assert(
      fc.property(launch, fc.boolean(), (one, isSeen) => {
        let state = one;
        let nowMs = NOW_MS;
        for (let looks = 0; looks < 30; looks++) {
          const snapshot = isSeen ? aSnapshot({ createdAtMs: NOW_MS }) : undefined;
          const verdict = verdictOn(state, snapshot, all, nowMs);
          if (verdict.kind !== 'later') return;
          expect(verdict.notBeforeMs).toBeGreaterThan(nowMs);
          state = verdict.launch;
          nowMs = answeredAtMs(nowMs, verdict.notBeforeMs);
        }
        throw new RangeError('Cannot see an end');
      }),
    );
  });
});

test('what is known between two moments is answered at one, and never at once', ({ expect }) => {
  fc.assert(
    fc.property(fc.integer({ min: NOW_MS, max: NOW_MS + 60_000 }), (nowMs) => {
      const atMs = answeredAtMs(nowMs);
      expect(atMs % 15_000).toBe(0);
      expect(atMs - nowMs).toBeGreaterThanOrEqual(3_000);
      expect(atMs - nowMs).toBeLessThan(18_000);
      expect(answeredAtMs(nowMs, NOW_MS + 90_000)).toBeGreaterThanOrEqual(NOW_MS + 90_000);
    }),
  );
});

test('a note says what launched how many, the most first, in one line of 200', ({ expect }) => {
  const run = { eventName: 'RunInstances', launchedBy: ['lin', '1000'] };
  expect(noteOf([aLaunch(), aLaunch(run), aLaunch(run)])).toBe('RunInstances by lin (2), Created');
  const many = Array.from({ length: 50 }, (_, n) => aLaunch({ launchedBy: [`someone-${n}`] }));
  expect(noteOf(many)).toHaveLength(200);
});

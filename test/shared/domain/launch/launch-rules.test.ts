import fc from 'fast-check';
import { describe, test } from 'vitest';
import { matchShadows } from '../../../../shared/policy-file/check-launch-rules.ts';
import {
  isOwnRole,
  judgeLaunch,
  type LaunchFacts,
  needsActionTrail,
} from '../../../../shared/domain/launch/launch-rules.ts';
import { type LaunchMatch, type LaunchRule } from '../../../../shared/domain/model/policy.ts';
import { hasTags } from '../../../../shared/domain/policy/has-tags.ts';
import type { Snapshot } from '../../../../shared/domain/model/instance.ts';
import { aLaunchRule, aSnapshot } from '../../../models/builders.ts';

/** Of an instance that was looked at. */
type Facts = LaunchFacts & { readonly snapshot: Snapshot };

/** `web-1`, with the tag team=web, as ActionTrail told of it. */
function facts(over: Partial<Facts> = {}): Facts {
  return {
    snapshot: aSnapshot({ name: 'web-1', tags: { team: 'web' }, imageId: 'm-a' }),
    regionId: 'cn-hangzhou',
    accountId: '1234567890123456',
    launchedBy: ['lin'],
    launchTemplates: ['lt-a', 'web-template'],
    ...over,
  };
}

/** As every other event tells of it. */
const untold = facts({ launchedBy: null, launchTemplates: null });

const rule = (name: string, match: Partial<LaunchMatch>) => aLaunchRule({ name, match });
const web = rule('web', { tags: { team: 'web' } });

describe('one rule', () => {
  test.for<[Partial<LaunchMatch>, 'matches' | 'differs', string]>([
    [{ regionIds: ['cn-beijing', 'cn-hangzhou'] }, 'matches', 'region is "cn-hangzhou"'],
    [{ regionIds: ['cn-beijing'] }, 'differs', 'region is "cn-hangzhou", not "cn-beijing"'],
    [{ accountIds: ['1234567890123456'] }, 'matches', 'account is "1234567890123456"'],
    [{ accountIds: ['1', '2'] }, 'differs', 'account is "1234567890123456", not "1" or "2"'],
    [{ tags: { team: 'web' } }, 'matches', 'tag "team" is "web"'],
    [{ tags: { team: '*' } }, 'matches', 'tag "team" is "web"'],
    [{ tags: { team: 'db' } }, 'differs', 'tag "team" is "web", not "db"'],
    [{ tags: { team: 'web', env: '*' } }, 'differs', 'tag "env" is missing'],
    [{ tags: { constructor: '*' } }, 'differs', 'tag "constructor" is missing'],
    [{ namePrefix: 'web-' }, 'matches', 'name begins with "web-"'],
    [{ namePrefix: 'web-2' }, 'differs', 'name "web-1" does not begin with "web-2"'],
    [{ imageIds: ['m-a'] }, 'matches', 'image is "m-a"'],
    [{ imageIds: ['m-b'] }, 'differs', 'image is "m-a", not "m-b"'],
    [{ launchTemplates: ['web-template'] }, 'matches', 'launch template is "web-template"'],
    [{ launchTemplates: ['lt-b'] }, 'differs', 'launch template is "lt-a" or "web-template", not'],
    [{ launchedBy: ['wei', 'lin'] }, 'matches', 'launched by is "lin"'],
    [{ launchedBy: ['wei'] }, 'differs', 'launched by is "lin", not "wei"'],
    [{ namePrefix: 'web-', imageIds: ['m-a'] }, 'matches', 'name begins with "web-"; image is'],
  ])('%j %s', ([match, outcome, why], { expect }) => {
    const one = rule('one', match);
    const { verdict, steps } = judgeLaunch([one], facts(), false);
    expect(steps).toMatchObject([{ rule: 'one', outcome }]);
    expect(steps[0]!.why).toContain(why);
    expect(verdict).toEqual(outcome === 'matches' ? { kind: 'rule', rule: one } : { kind: 'none' });
  });

  test('a launch without a template is one of which all is known', ({ expect }) => {
    const { steps } = judgeLaunch(
      [rule('one', { launchTemplates: ['lt-a'] })],
      facts({ launchTemplates: [] }),
      false,
    );
    expect(steps).toEqual([
      { rule: 'one', outcome: 'differs', why: 'launch template is none, not "lt-a"' },
    ]);
  });

  test('only two conditions need ActionTrail', ({ expect }) => {
    expect(needsActionTrail(rule('one', { launchedBy: ['lin'] }))).toBe(true);
    expect(needsActionTrail(rule('one', { launchTemplates: ['lt-a'] }))).toBe(true);
    expect(needsActionTrail(web)).toBe(false);
  });
});

test('of an instance that was not looked at, nothing is taken for granted', ({ expect }) => {
  const match = { tags: { team: 'web' }, namePrefix: 'web-', imageIds: ['m-a'] };
  const snapshot = { name: null, tags: null, imageId: null };
  expect(judgeLaunch([rule('one', match)], { ...facts(), snapshot }, false).steps).toEqual([
    {
      rule: 'one',
      outcome: 'unknown',
      why: 'tag "team" is not known; name is not known; image is not known',
    },
  ]);
});

test('a role is our own in upper and lower case', ({ expect }) => {
  expect(isOwnRole(['Latchkey-Restart'], 'latchkey-restart')).toBe(true);
  expect(isOwnRole(['latchkey-restart'], 'latchkey-restart-2')).toBe(false);
  expect(isOwnRole([], '')).toBe(false);
});

test('no instance carries a tag that only its prototype has', ({ expect }) => {
  expect(hasTags(aSnapshot(), { constructor: '*' })).toBe(false);
  expect(hasTags(aSnapshot({ tags: { team: '' } }), { team: '*' })).toBe(true);
});

test('the first that matches wins, and those after it are not looked at', ({ expect }) => {
  const rules = [rule('db', { tags: { team: 'db' } }), web, rule('all', { namePrefix: 'w' })];
  const { verdict, steps } = judgeLaunch(rules, facts(), false);
  expect(verdict).toEqual({ kind: 'rule', rule: web });
  expect(steps.map(({ rule: name }) => name)).toEqual(['db', 'web']);
});

describe('an event that does not tell who launched', () => {
  const byWei = rule('by-wei', { launchedBy: ['wei'] });
  const byWeiInDb = rule('db', { launchedBy: ['wei'], tags: { team: 'db' } });

  test('leaves it undecided, and no later rule wins meanwhile', ({ expect }) => {
    expect(judgeLaunch([byWei, web], untold, false)).toEqual({
      verdict: { kind: 'undecided', rule: byWei, why: 'launched by is not known' },
      steps: [{ rule: 'by-wei', outcome: 'unknown', why: 'launched by is not known' }],
    });
  });

  test('decides where the rule differs anyway, or comes after the one that matches', ({
    expect,
  }) => {
    expect(judgeLaunch([byWeiInDb, web], untold, false).verdict).toEqual({
      kind: 'rule',
      rule: web,
    });
    expect(judgeLaunch([web, byWei], untold, false).verdict).toEqual({ kind: 'rule', rule: web });
  });

  test('at the last call does not satisfy the rule', ({ expect }) => {
    const { verdict, steps } = judgeLaunch([byWei, web], untold, true);
    expect(verdict).toEqual({ kind: 'rule', rule: web });
    expect(steps.map(({ outcome }) => outcome)).toEqual(['unknown', 'matches']);
    expect(judgeLaunch([byWei], untold, true).verdict).toEqual({ kind: 'none' });
  });
});

const some = (values: readonly string[]) => fc.subarray([...values], { maxLength: 2 });
const tags = (values: readonly string[]) =>
  fc.dictionary(fc.constantFrom('team', 'env'), fc.constantFrom(...values), { maxKeys: 2 });
const aMatch: fc.Arbitrary<LaunchMatch> = fc.record({
  regionIds: some(['cn-hangzhou', 'cn-beijing']),
  accountIds: some(['11111', '22222']),
  tags: tags(['web', 'db', '*']),
  namePrefix: fc.constantFrom('', 'w', 'web-'),
  imageIds: some(['m-a', 'm-b']),
  launchTemplates: some(['lt-a', 'lt-b']),
  launchedBy: some(['lin', 'wei']),
});
const aList: fc.Arbitrary<LaunchRule[]> = fc
  .array(aMatch, { maxLength: 4 })
  .map((matches) => matches.map((match, index) => rule(`rule-${index}`, match)));
const someFacts: fc.Arbitrary<Facts> = fc
  .record({
    name: fc.constantFrom('web-1', 'w', 'db-1'),
    tags: tags(['web', 'db']),
    imageId: fc.constantFrom('', 'm-a', 'm-b'),
    regionId: fc.constantFrom('cn-hangzhou', 'cn-beijing'),
    accountId: fc.constantFrom('11111', '22222'),
    launchedBy: some(['lin', 'wei', 'root']),
    launchTemplates: some(['lt-a', 'lt-b', 'web']),
  })
  .map(({ name, tags: own, imageId, ...rest }) => ({
    ...rest,
    snapshot: aSnapshot({ name, tags: own, imageId }),
  }));
const known = fc.record({
  accountId: fc.boolean(),
  launchedBy: fc.boolean(),
  launchTemplates: fc.boolean(),
});

/** What an event tells that says less. */
function less(all: Facts, tells: Record<'accountId' | 'launchedBy' | 'launchTemplates', boolean>) {
  return {
    ...all,
    accountId: tells.accountId ? all.accountId : null,
    launchedBy: tells.launchedBy ? all.launchedBy : null,
    launchTemplates: tells.launchTemplates ? all.launchTemplates : null,
  };
}

describe('whatever the rules and the launch', () => {
  test('two events of one launch never decide for two rules', ({ expect }) => {
    fc.assert(
      fc.property(aList, someFacts, known, known, (rules, all, first, second) => {
        const verdicts = [
          first,
          second,
          { accountId: true, launchedBy: true, launchTemplates: true },
        ]
          .map((tells) => judgeLaunch(rules, less(all, tells), false).verdict)
          .filter(({ kind }) => kind !== 'undecided');
        for (const verdict of verdicts) expect(verdict).toEqual(verdicts[0]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('the last call decides, and for the first rule of which all is known to hold', ({
    expect,
  }) => {
    fc.assert(
      fc.property(aList, someFacts, known, (rules, all, tells) => {
        const seen = less(all, tells);
        const expected = rules.find(({ match }) => holds(match, seen));
        const { verdict } = judgeLaunch(rules, seen, true);
        expect(verdict.kind === 'rule' ? verdict.rule : undefined).toEqual(expected);
        expect(verdict.kind).not.toBe('undecided');
      }),
      { numRuns: 1_000 },
    );
  });

  test('a rule that an earlier one shadows never wins', ({ expect }) => {
    fc.assert(
      fc.property(aMatch, aMatch, someFacts, known, (earlier, later, all, tells) => {
        fc.pre(matchShadows(earlier, later));
        const rules = [rule('earlier', earlier), rule('later', later)];
        for (const lastCall of [false, true]) {
          const { verdict } = judgeLaunch(rules, less(all, tells), lastCall);
          if (verdict.kind === 'rule') expect(verdict.rule.name).toBe('earlier');
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Written again, in another way. */
function holds(match: LaunchMatch, all: Facts): boolean {
  const { snapshot, regionId, accountId, launchedBy, launchTemplates } = all;
  const lists: [readonly string[], readonly (string | null)[]][] = [
    [match.regionIds, [regionId]],
    [match.accountIds, [accountId]],
    [match.imageIds, [snapshot.imageId]],
    [match.launchTemplates, launchTemplates ?? []],
    [match.launchedBy, launchedBy ?? []],
  ];
  const own = new Map(Object.entries(snapshot.tags));
  return (
    lists.every(([wanted, is]) => wanted.length === 0 || is.some((one) => wanted.includes(one!))) &&
    snapshot.name.slice(0, match.namePrefix.length) === match.namePrefix &&
    Object.entries(match.tags).every(([key, value]) =>
      value === '*' ? own.has(key) : own.get(key) === value,
    )
  );
}

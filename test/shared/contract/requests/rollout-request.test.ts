import { test } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import { pointerOf } from '../../../../shared/lib/pointer.ts';
import { parseRolloutRequest } from '../../../../shared/contract/requests/rollout-request.ts';

const OWN = { regionId: 'cn-hangzhou' };

/** A whole valid request, changed in some fields; undefined takes one out. */
function aBody(change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    regionId: 'cn-hangzhou',
    keyPairName: 'ops-2026',
    instanceIds: ['i-bp1a', 'i-bp1b'],
    restart: 'auto',
    ...change,
  });
}

function errorOf(text: string | Uint8Array): LatchkeyError {
  try {
    parseRolloutRequest(text, OWN);
  } catch (error) {
    if (error instanceof LatchkeyError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

/** `pointer: detail` of each fault. */
function faultsOf(change: Record<string, unknown>): string[] {
  const error = errorOf(aBody(change));
  return (error.details.faults ?? []).map(({ path, detail }) => `${pointerOf(path)}: ${detail}`);
}

test('what is left out has the documented default', ({ expect }) => {
  expect(parseRolloutRequest(aBody(), OWN)).toEqual({
    undoes: null,
    selector: null,
    breakGlass: null,
    launch: null,
    regionId: 'cn-hangzhou',
    keyPairName: 'ops-2026',
    instanceIds: ['i-bp1a', 'i-bp1b'],
    restart: 'auto',
    startStopped: false,
    restartAlreadyAttached: false,
    attach: 'now',
    maxUnavailable: '10%',
    ramp: 'doubling',
    groupBy: null,
    haltAfterFailures: 1,
    bakeSeconds: 60,
    readyTimeoutSeconds: 300,
    approveWithinSeconds: null,
    expectedPlanDigest: null,
    dryRun: false,
    note: '',
  });
});

test('everything that is given is taken', ({ expect }) => {
  const all = {
    restart: 'never',
    startStopped: true,
    restartAlreadyAttached: true,
    attach: 'wave',
    maxUnavailable: '25%',
    ramp: 'canary',
    groupBy: 'team',
    haltAfterFailures: 1_000,
    bakeSeconds: 86_400,
    readyTimeoutSeconds: 3_600,
    approveWithinSeconds: 604_800,
    expectedPlanDigest: `sha256:${'0a'.repeat(32)}`,
    dryRun: true,
    note: 'Schlüsselwechsel 密钥轮换',
  };
  expect(parseRolloutRequest(aBody(all), OWN)).toEqual({
    ...JSON.parse(aBody()),
    ...all,
    undoes: null,
    selector: null,
    breakGlass: null,
    launch: null,
  });
});

test('duplicates are one, in the place of the first', ({ expect }) => {
  const body = aBody({ instanceIds: ['i-b', 'i-a', 'i-b', 'i-c', 'i-a'] });
  expect(parseRolloutRequest(body, OWN).instanceIds).toEqual(['i-b', 'i-a', 'i-c']);
});

test('1,000 different ids are taken, however often each is repeated, and 1,001 are not', ({
  expect,
}) => {
  const ids = Array.from({ length: 1_001 }, (_, i) => `i-${i}`);
  const twice = [...ids.slice(1), ...ids.slice(1)];
  expect(parseRolloutRequest(aBody({ instanceIds: twice }), OWN).instanceIds).toHaveLength(1_000);
  expect(faultsOf({ instanceIds: ids })).toEqual([
    '/instanceIds: Cannot take a list of 1001: must name at most 1000 instances',
  ]);
});

test.for<[Record<string, unknown>, string]>([
  [{ regionId: undefined }, '/regionId: Cannot be left out: required'],
  [
    { regionId: 'cn-beijing' },
    '/regionId: Cannot take "cn-beijing": must be "cn-hangzhou", the region of this deployment',
  ],
  [{ instanceIds: [] }, '/instanceIds: Cannot take a list of 0: must name at least one instance'],
  [{ instanceIds: 'i-a' }, '/instanceIds: Cannot take "i-a": must be a list'],
  [
    { instanceIds: ['i-a', 'j-b'] },
    '/instanceIds/1: Cannot take "j-b": must be an instance id, such as "i-bp67acfmxazb4p"',
  ],
  [{ instanceIds: [7] }, '/instanceIds/0: Cannot take 7: must be a text'],
  [{ restart: undefined }, '/restart: Cannot be left out: required'],
  [{ restart: 'Auto' }, '/restart: Cannot take "Auto": must be "auto" or "never"'],
  [{ startStopped: 'yes' }, '/startStopped: Cannot take "yes": must be true or false'],
  [{ dryRun: null }, '/dryRun: Cannot take null: must be true or false'],
  [{ readyTimeoutSeconds: 29 }, '/readyTimeoutSeconds: Cannot take 29: must be at least 30'],
  [{ readyTimeoutSeconds: 3_601 }, '/readyTimeoutSeconds: Cannot take 3601: must be at most 3600'],
  [{ readyTimeoutSeconds: 30.5 }, '/readyTimeoutSeconds: Cannot take 30.5: must be a whole number'],
  [
    { expectedPlanDigest: 'sha256:AB' },
    '/expectedPlanDigest: Cannot take "sha256:AB": must be "sha256:" and 64 hexadecimal digits',
  ],
  [{ note: 'a\nb' }, '/note: Cannot take "a\\nb": must be one line without control characters'],
  [
    { note: 'turned \u202e round' },
    '/note: Cannot take "turned \u202e round": must be one line without control characters',
  ],
  [
    { token: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    '/token: Cannot take what looks like a credential: is not a field of a rollout request',
  ],
  [{ 'a/b~c': 1 }, '/a~1b~0c: Cannot take 1: is not a field of a rollout request'],
  [{ keypairName: {} }, '/keypairName: Cannot take an object: is not a field of a rollout request'],
])('%o is refused', ([change, fault], { expect }) => {
  expect(faultsOf(change)).toEqual([fault]);
});

test.for(['a', 'x'.repeat(129), '1ops', 'http://ops', 'https://x', 'ops 2026', 'ops*', ''])(
  'the key pair name "%s" is refused',
  (keyPairName, { expect }) => {
    expect(faultsOf({ keyPairName })[0]).toContain('/keyPairName: Cannot take ');
  },
);

test.for(['ab', 'Ops_2026:a-b', 'x'.repeat(128), 'httpx'])(
  'the key pair name "%s" is taken',
  (keyPairName, { expect }) => {
    expect(parseRolloutRequest(aBody({ keyPairName }), OWN).keyPairName).toBe(keyPairName);
  },
);

test.for<[unknown, string]>([
  [5, '5'],
  ['5', '5'],
  [1_000, '1000'],
  ['1%', '1%'],
  ['100%', '100%'],
])('the limit %o is a count or a percentage', ([maxUnavailable, kept], { expect }) => {
  expect(parseRolloutRequest(aBody({ maxUnavailable }), OWN).maxUnavailable).toBe(kept);
});

test.for([0, -1, 2.5, 10_000, '0', '0%', '101%', '10 %', '%', '', 'all', true, null, ['10%']])(
  'the limit %o is none',
  (maxUnavailable, { expect }) => {
    const faults = faultsOf({ maxUnavailable });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^\/maxUnavailable: Cannot take .*: must be a count/);
  },
);

test.for<[string, unknown, string]>([
  ['attach', 'later', 'must be "now" or "wave"'],
  // A launch may do without a canary; whoever asks over HTTP may not.
  ['ramp', 'none', 'must be "doubling" or "canary"'],
  ['groupBy', '', 'must be the key of a tag'],
  ['groupBy', 'x'.repeat(129), 'must have at most 128 characters'],
  ['haltAfterFailures', 0, 'must be at least 1'],
  ['haltAfterFailures', 1_001, 'must be at most 1000'],
  ['haltAfterFailures', '1', 'must be a number'],
  ['bakeSeconds', -1, 'must be at least 0'],
  ['bakeSeconds', 86_401, 'must be at most 86400'],
  ['bakeSeconds', 1.5, 'must be a whole number'],
  ['approveWithinSeconds', 59, 'must be at least 60'],
  ['approveWithinSeconds', 604_801, 'must be at most 604800'],
])('%s = %o is refused', ([name, value, rule], { expect }) => {
  const faults = faultsOf({ [name]: value });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(new RegExp(`^/${name}: Cannot take `));
  expect(faults[0]?.endsWith(`: ${rule}`)).toBe(true);
});

const selecting = (selector: unknown) => ({ instanceIds: undefined, selector });

test('a selector stands in the place of ids, and what it leaves out is no condition', ({
  expect,
}) => {
  const body = aBody(selecting({ tags: { team: 'web', stage: '' } }));
  expect(parseRolloutRequest(body, OWN)).toMatchObject({
    instanceIds: [],
    selector: {
      tags: { team: 'web', stage: '' },
      keyPairName: null,
      zoneId: null,
      vpcId: null,
      resourceGroupId: null,
      namePrefix: null,
    },
  });
});

test('a selector may have every condition', ({ expect }) => {
  const selector = {
    tags: { team: 'web', 'acs:autoscaling:scalingGroupId': 'asg-1' },
    keyPairName: 'ops-2025',
    zoneId: 'cn-hangzhou-h',
    vpcId: 'vpc-bp67acfmxazb4p',
    resourceGroupId: 'rg-bp67acfmxazb4p',
    namePrefix: 'web-生产*',
  };
  expect(parseRolloutRequest(aBody(selecting(selector)), OWN).selector).toEqual(selector);
});

test.for<[Record<string, unknown>, string]>([
  [{}, '/instanceIds: Cannot be left out: required, unless there is a "selector"'],
  [{ selector: null }, '/instanceIds: Cannot be left out: required, unless there is a "selector"'],
  [
    { instanceIds: ['i-a'], selector: { zoneId: 'z' } },
    '/selector: Cannot take an object: goes not together with "instanceIds"',
  ],
  [
    { selector: {} },
    '/selector: Cannot take an object: must have at least one condition: "tags", "keyPairName", "zoneId", "vpcId", "resourceGroupId" or "namePrefix"',
  ],
  [{ selector: 'web' }, '/selector: Cannot take "web": must be an object'],
  [
    { selector: { zoneID: 'z', zoneId: 'z' } },
    '/selector/zoneID: Cannot take "z": is not a field of a selector',
  ],
  [{ selector: { tags: {} } }, '/selector/tags: Cannot take an object: must name at least one tag'],
  [
    { selector: { tags: { '': 'x' } } },
    '/selector/tags/: Cannot take "": must be the key of a tag',
  ],
  [{ selector: { tags: { team: 7 } } }, '/selector/tags/team: Cannot take 7: must be a text'],
  [
    { selector: { tags: { team: 'x'.repeat(129) } } },
    `/selector/tags/team: Cannot take "${'x'.repeat(59)}…": must have at most 128 characters`,
  ],
  [
    { selector: { tags: { 'a\nb': 'x' } } },
    '/selector/tags/a\nb: Cannot take "a\\nb": must be one line without control characters',
  ],
  [
    { selector: { keyPairName: 'ops-*' } },
    '/selector/keyPairName: Cannot take "ops-*": must be a key pair name: 2 to 128 letters, digits, colons, underscores and hyphens, a letter first',
  ],
  [{ selector: { zoneId: '' } }, '/selector/zoneId: Cannot take "": must be the id of a zone'],
  [
    { selector: { vpcId: 'vpc-*' } },
    '/selector/vpcId: Cannot take "vpc-*": must be the id of a VPC',
  ],
  [
    { selector: { resourceGroupId: 'rg 1' } },
    '/selector/resourceGroupId: Cannot take "rg 1": must be the id of a resource group',
  ],
  [
    { selector: { namePrefix: '' } },
    '/selector/namePrefix: Cannot take "": must be the beginning of a name',
  ],
  [
    { selector: { namePrefix: 'x'.repeat(129) } },
    `/selector/namePrefix: Cannot take "${'x'.repeat(59)}…": must have at most 128 characters`,
  ],
])('targets given as %o are refused', ([change, fault], { expect }) => {
  expect(faultsOf({ instanceIds: undefined, ...change })).toEqual([fault]);
});

test('a selector has at most 20 tags', ({ expect }) => {
  const tags = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, 'x']));
  expect(parseRolloutRequest(aBody(selecting({ tags: tags(20) })), OWN).selector?.tags).toEqual(
    tags(20),
  );
  expect(faultsOf(selecting({ tags: tags(21) }))).toEqual([
    '/selector/tags: Cannot take an object: must name at most 20 tags',
  ]);
});

test.for(['an incident', '停电', '!', 'x'.repeat(200)])(
  'the glass is broken for the reason "%s"',
  (breakGlass, { expect }) => {
    expect(parseRolloutRequest(aBody({ breakGlass }), OWN).breakGlass).toBe(breakGlass);
  },
);

test.for<[unknown, string]>([
  ['', 'must say why'],
  ['   ', 'must say why'],
  ['\u200b\u2060', 'must say why'],
  ['a\nb', 'must be one line without control characters'],
  ['x'.repeat(201), 'must have at most 200 characters'],
  [true, 'must be a text'],
])('the glass is not broken for %o', ([breakGlass, rule], { expect }) => {
  const faults = faultsOf({ breakGlass });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(/^\/breakGlass: Cannot take /);
  expect(faults[0]?.endsWith(`: ${rule}`)).toBe(true);
});

test('targets that are missing are named beside every other fault', ({ expect }) => {
  expect(faultsOf({ instanceIds: undefined, restart: 'x', other: 1 })).toEqual([
    '/restart: Cannot take "x": must be "auto" or "never"',
    '/other: Cannot take 1: is not a field of a rollout request',
    '/instanceIds: Cannot be left out: required, unless there is a "selector"',
  ]);
});

test('every fault is named at once', ({ expect }) => {
  expect(
    faultsOf({ restart: 1, dryRun: 2, one: 1, two: 2, instanceIds: ['x', 'i-a', 'y'] }).map(
      (fault) => fault.split(':')[0],
    ),
  ).toEqual(['/instanceIds/0', '/instanceIds/2', '/restart', '/dryRun', '/one', '/two']);
});

test('a long value is repeated in part, and of very many faults the first hundred', ({
  expect,
}) => {
  const error = errorOf(aBody({ instanceIds: Array.from({ length: 500 }, () => 'x'.repeat(999)) }));
  expect(error.details.faults).toHaveLength(100);
  expect(error.details.faults?.[0]?.detail.length).toBeLessThan(200);
  expect(error.message).toContain('(and 499 more)');
});

test.for<[string, string | Uint8Array]>([
  ['nothing', ''],
  ['not JSON', '{"regionId":'],
  ['not UTF-8', Buffer.from(aBody({ note: '\u00ff' }), 'latin1')],
  ['a field that reaches the prototype', '{"__proto__":{"dryRun":true}}'],
])('%s is not readable', ([, text], { expect }) => {
  expect(errorOf(text)).toMatchObject({ code: 'bad-request' });
});

test.for(['[]', '"text"', 'null', '7'])('%s is not valid as a whole', (text, { expect }) => {
  expect(errorOf(text)).toMatchObject({ code: 'not-valid' });
});

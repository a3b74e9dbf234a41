import { describe, test } from 'vitest';
import { textOf } from '../../../../shared/domain/chat/chat-text.ts';
import type { ChatCommand } from '../../../../shared/domain/model/order.ts';
import type { RolloutRequest } from '../../../../shared/domain/model/request.ts';
import { parseLine } from '../../../../shared/messengers/grammar/grammar.ts';
import { MAX_LINE_LENGTH } from '../../../../shared/messengers/grammar/plain-line.ts';
import { parseRolloutRequest } from '../../../../shared/contract/requests/rollout-request.ts';

const OWN = { regionId: 'cn-hangzhou' };
const RO = 'ro-b3oy4vgdyx5pohfzpcbbgsqfnm';
const DIGEST = `sha256:${'0a'.repeat(32)}`;

function commandOf(line: string): ChatCommand {
  const read = parseLine(line, OWN);
  if (read.kind === 'command') return read.command;
  throw new Error(`was refused: ${read.message}`);
}

function requestOf(line: string): RolloutRequest {
  const command = commandOf(line);
  if (command.kind !== 'ask') throw new Error(`was read as ${command.kind}`);
  return command.request;
}

function faultOf(line: string): { readonly message: string; readonly hint: string } {
  const { kind, ...fault } = parseLine(line, OWN) as {
    kind: string;
    message: string;
    hint: string;
  };
  if (kind === 'fault') return fault;
  throw new Error(`was taken: ${textOf(commandOf(line))}`);
}

describe('what people type', () => {
  test.for<[string, ChatCommand]>([
    ['', { kind: 'help', about: null }],
    ['help', { kind: 'help', about: null }],
    ['HELP Attach', { kind: 'help', about: 'attach' }],
    ['help targets', { kind: 'help', about: 'targets' }],
    ['/latchkey help', { kind: 'help', about: null }],
    ['/latchkey', { kind: 'help', about: null }],
    ['Latchkey whoami', { kind: 'whoami' }],
    [' \t whoami \n', { kind: 'whoami' }],
    ['status', { kind: 'status', rolloutId: null }],
    [`status ${RO}`, { kind: 'status', rolloutId: RO }],
    [`approve ${RO} ${DIGEST}`, { kind: 'approve', rolloutId: RO, planDigest: DIGEST }],
    [
      `approve ${RO} sha256:ABCDEF12`,
      { kind: 'approve', rolloutId: RO, planDigest: 'sha256:abcdef12' },
    ],
    [`deny ${RO}`, { kind: 'deny', rolloutId: RO }],
    [`pause ${RO}`, { kind: 'pause', rolloutId: RO }],
    [`Resume ${RO}`, { kind: 'resume', rolloutId: RO }],
    [`abort "${RO}"`, { kind: 'abort', rolloutId: RO }],
    [`undo ${RO}`, { kind: 'undo', rolloutId: RO, dryRun: false }],
    [`plan undo ${RO}`, { kind: 'undo', rolloutId: RO, dryRun: true }],
    ['stop', { kind: 'stop', reason: '' }],
    ['stop ""', { kind: 'stop', reason: '' }],
    ['stop "database is down"', { kind: 'stop', reason: 'database is down' }],
    ['go', { kind: 'go' }],
  ])('%j', ([line, command], { expect }) => {
    expect(commandOf(line)).toEqual(command);
  });

  test('a bare request is what the webhook makes of a bare body', ({ expect }) => {
    const body = { keyPairName: 'ops-2026', instanceIds: ['i-bp1a', 'i-bp1b'], restart: 'auto' };
    expect(requestOf('attach ops-2026 to i-bp1a,i-bp1b in cn-hangzhou')).toEqual(
      parseRolloutRequest(JSON.stringify({ ...OWN, ...body }), OWN),
    );
  });

  test.for([
    'attach ops to i-a,i-b',
    'attach ops to i-a, i-b',
    'attach ops to i-a ,i-b',
    'attach ops to i-a i-b in cn-hangzhou',
    'Attach ops On i-a , "i-b" i-a In cn-hangzhou',
  ])('ids with commas or spaces: %j', (line, { expect }) => {
    expect(requestOf(line)).toMatchObject({ keyPairName: 'ops', instanceIds: ['i-a', 'i-b'] });
  });

  test('every condition, and tags in one or several', ({ expect }) => {
    const line =
      'attach ops to tag team=web, env = test and keypair ops-2025 and zone cn-hangzhou-h and ' +
      'vpc vpc-1 and tag "a=b"="c,d e",空="" and group rg-1 and name "web 1" in cn-hangzhou';
    expect(requestOf(line)).toMatchObject({
      instanceIds: [],
      selector: {
        tags: { team: 'web', env: 'test', 'a=b': 'c,d e', 空: '' },
        keyPairName: 'ops-2025',
        zoneId: 'cn-hangzhou-h',
        vpcId: 'vpc-1',
        resourceGroupId: 'rg-1',
        namePrefix: 'web 1',
      },
    });
  });

  test('every option, with a space or "=" before its value', ({ expect }) => {
    const line =
      'attach ops to i-a --max-unavailable 25% --ramp=canary --group-by shard --halt-after 3 --bake 5m ' +
      '--ready-timeout 90s --attach wave --no-restart --start-stopped --approve-within = 1d ' +
      `--break-glass "outage 4711" --expect ${DIGEST} --note "rotation \\"Q4\\" \\\\"`;
    expect(requestOf(line)).toMatchObject({
      maxUnavailable: '25%',
      ramp: 'canary',
      groupBy: 'shard',
      haltAfterFailures: 3,
      bakeSeconds: 300,
      readyTimeoutSeconds: 90,
      attach: 'wave',
      restart: 'never',
      startStopped: true,
      approveWithinSeconds: 86_400,
      breakGlass: 'outage 4711',
      expectedPlanDigest: DIGEST,
      note: 'rotation "Q4" \\',
    });
  });

  test('a restart, and plans of all three', ({ expect }) => {
    expect(requestOf('restart ops on i-a')).toMatchObject({
      restart: 'auto',
      restartAlreadyAttached: true,
      dryRun: false,
    });
    const planned = { keyPairName: 'ops', dryRun: true, restartAlreadyAttached: false };
    expect(requestOf('plan ops to i-a')).toMatchObject(planned);
    expect(requestOf('plan attach ops to i-a')).toMatchObject(planned);
    expect(requestOf('plan restart ops on i-a')).toMatchObject({
      dryRun: true,
      restartAlreadyAttached: true,
    });
  });

  test('words that are known are names where names stand, and in quotes everywhere', ({
    expect,
  }) => {
    expect(requestOf('attach to to i-a')).toMatchObject({ keyPairName: 'to' });
    expect(requestOf('plan "undo" to i-a')).toMatchObject({ keyPairName: 'undo' });
    expect(requestOf('attach ops to keypair and and zone in in cn-hangzhou')).toMatchObject({
      selector: { keyPairName: 'and', zoneId: 'in' },
    });
  });

  test.for([
    ['stop the database is down!', 'the database is down!'],
    ['stop; $(reboot) -- it burns', undefined],
    ['stop it burns; $(reboot) <&>', 'it burns; $(reboot) <&>'],
    ['stop “it burns”', 'it burns'],
    ['stop "web" and "db" burn', '"web" and "db" burn'],
    ['stop "it burns', '"it burns'],
    [String.raw`stop "it \"burns\""`, 'it "burns"'],
    ['stop don’t restart', 'don’t restart'],
  ] as const)('the reason of %j is taken as it is', ([line, reason], { expect }) => {
    if (reason === undefined) expect(faultOf(line).hint).toContain('stop');
    else expect(commandOf(line)).toEqual({ kind: 'stop', reason });
  });
});

describe('what phones and input methods make of it', () => {
  const expected = { keyPairName: 'ops-2026', maxUnavailable: '10%', haltAfterFailures: 2 };

  test.for([
    'attach ops-2026 to i-a --halt-after 2 --note "it\u2019s \u2014 due"',
    'attach ops-2026 to i-a -halt-after 2 -note "it\u2019s \u2014 due"',
    'Attach ops\u20132026 to i\u2010a \u2014halt\u2011after 2 \u2014note \u201cit\u2019s \u2014 due\u201d',
    'attach ops\u22122026 to i-a \u2013Halt-After \uff12 \u2013\u2013note=\u201eit\u2019s \u2014 due\u201c',
    'attach\u00a0ops-2026\u3000to\u202fi-a \u2015halt-after 2 --note \u00bbit\u2019s \u2014 due\u00ab',
    'attach ops-\uff12\uff10\uff12\uff16 to i-a \uff0d\uff0dhalt-after 2 --note \u00abit\u2019s\u00a0\u2014 due\u00bb',
    'attach \'ops-2026\' to \u2018i-a\u2019 --halt-after \u201a2\u2018 --note "it\u2019s \u2014 due"',
  ])('%j', (line, { expect }) => {
    expect(requestOf(line)).toMatchObject({
      ...expected,
      instanceIds: ['i-a'],
      note: 'it\u2019s \u2014 due',
    });
  });

  test('what could stand for several things is suggested, not taken', ({ expect }) => {
    expect(
      faultOf('attach ops\u20142026 to i-a\uff0ci-b\u3001i-c --max-unavailable 20\uff05'),
    ).toEqual({
      message: 'Cannot read "\u2014": it is allowed only in quotes',
      hint: 'Did you mean: attach ops-2026 to i-a,i-b,i-c in cn-hangzhou --max-unavailable 20%',
    });
  });

  test('an emoji may have its variation selector, and nothing else', ({ expect }) => {
    expect(requestOf('attach ops to i-a --note "⚠\ufe0f hot"').note).toBe('⚠\ufe0f hot');
    expect(faultOf('attach ops to i-a --note "a\ufe0f"').message).toContain('U+FE0F');
  });
});

describe('a line that is nearly right is answered with the right one', () => {
  test.for<[string, string]>([
    ['atach ops to i-a', 'attach ops to i-a in cn-hangzhou'],
    ['attach, ops to i-a', 'attach ops to i-a in cn-hangzhou'],
    ['bind ops to i-a', 'attach ops to i-a in cn-hangzhou'],
    ['attach ops i-a', 'attach ops to i-a in cn-hangzhou'],
    ['restart ops i-a', 'restart ops on i-a in cn-hangzhou'],
    ['attach ops to tags team=web', 'attach ops to tag team=web in cn-hangzhou'],
    [
      'attach ops to tag team=web and zoen z-1',
      'attach ops to tag team=web and zone z-1 in cn-hangzhou',
    ],
    [
      'attahc ops i-a -max-unavail 3 --raamp canary',
      'attach ops to i-a in cn-hangzhou --max-unavailable 3 --ramp canary',
    ],
    ['attach ops to i-a --reason x', 'attach ops to i-a in cn-hangzhou --note "x"'],
    [`cancel ${RO}`, `abort ${RO}`],
    [`aprove ${RO} sha256:0a0a0a0a`, `approve ${RO} sha256:0a0a0a0a`],
    ['halt it burns', 'stop "it burns"'],
    ['stpo', 'stop'],
    ['?', 'help'],
    ['--help', 'help'],
    ['attach --help', 'help attach'],
    ['help atach', 'help attach'],
    ['help option', 'help options'],
  ])('%j', ([line, right], { expect }) => {
    expect(faultOf(line).hint).toBe(`Did you mean: ${right}`);
    expect(textOf(commandOf(right))).toBe(right);
  });

  test('but breaking the glass, going on and approving are suggested to nobody who did not say so', ({
    expect,
  }) => {
    for (const line of ['attach ops to i-a --force x', 'no', 'yes', 'approve', 'to']) {
      expect(faultOf(line).hint).not.toMatch(/break-glass|mean: (?:go|approve)/);
    }
  });

  test('a long one is not repeated', ({ expect }) => {
    const ids = Array.from({ length: 40 }, (_, i) => `i-bp1${i}abc`).join(',');
    expect(faultOf(`atach ops to ${ids}`).hint).toBe('Nearest: attach; For all commands: help');
  });
});

describe('a fault says what is wrong, in the words of the line', () => {
  const ask = 'attach ops-2026 to tag team=web --max-unavailable 10% --note "rotation"';

  test.for<[string, string, string]>([
    ['xyzzy', 'Cannot read "xyzzy": no such verb', 'For all commands: help'],
    ['attach', 'Cannot read the line: the name of a key pair is missing', `Example: ${ask}`],
    ['attach ops', 'Cannot read the line: "to" is missing', `Example: ${ask}`],
    [
      'attach ops to --no-restart',
      'Cannot read "--no-restart": an instance id or a condition is expected here',
      `Example: ${ask}`,
    ],
    ['attach ops to i-a,', 'Cannot read the line: an instance id is missing', `Example: ${ask}`],
    [
      'attach ops to i-a --note rotation of web',
      'Cannot read "of": nothing is expected here',
      `Options come last, and a text of several words needs quotes; Example: ${ask}`,
    ],
    [
      'attach ops to i-a --bake',
      'Cannot read the line: the time of --bake is missing',
      `Such as: --bake 5m; Example: ${ask}`,
    ],
    [
      'attach ops to i-a --halt-after -1',
      'Cannot read "-1": the count of --halt-after is expected here',
      `Such as: --halt-after 3; Example: ${ask}`,
    ],
    [
      'attach ops to i-a --bake soon',
      'Cannot take --bake "soon": must be a time, such as 60, 90s, 5m, 2h or 1d',
      `Example: ${ask}`,
    ],
    [
      'attach ops to i-a --bake 25h',
      'Cannot take --bake 25h: must be at most 1d',
      `Such as: --bake 5m; Example: ${ask}`,
    ],
    [
      'attach ops to i-a --halt-after 0',
      'Cannot take --halt-after 0: must be at least 1',
      `Such as: --halt-after 3; Example: ${ask}`,
    ],
    [
      'attach ops to i-a --ramp none',
      'Cannot take --ramp "none": must be "doubling" or "canary"',
      `Such as: --ramp canary; Example: ${ask}`,
    ],
    [
      'attach ops to i-a --no-restart=true',
      'Cannot read a value of --no-restart: it takes no value',
      `Example: ${ask}`,
    ],
    [
      'attach ops to i-a --note a --note b',
      'Cannot take --note twice: give it once',
      `Example: ${ask}`,
    ],
    ['attach ops to i-a --batch', 'Cannot read "--batch": no such option', ''],
    [
      'attach ops to zone a and zone b',
      'Cannot take "zone" twice: an instance has only one',
      `Example: ${ask}`,
    ],
    [
      'attach ops to tag a=b and tag a=c',
      'Cannot take tag "a" twice: it has one value',
      `Example: ${ask}`,
    ],
    [
      'attach ops to tag team',
      'Cannot read the line: "=" and the value of tag "team" is missing',
      `Such as: tag team=web,env=test; Example: ${ask}`,
    ],
    [
      'attach ops to tag team=',
      'Cannot read the line: the value of tag "team" is missing',
      `Such as: tag team=web,env=test; Example: ${ask}`,
    ],
    [
      'attach ops to web-1,i-a,db-1',
      'Cannot take instance "web-1": must be an instance id, such as "i-bp67acfmxazb4p" (and 1 more)',
      `Example: ${ask}`,
    ],
    [
      'attach ops to i-a in cn-beijing',
      'Cannot take region "cn-beijing": must be "cn-hangzhou", the region of this deployment',
      `Example: ${ask}`,
    ],
    [
      'attach ops to zone -',
      'Cannot read "-": the value of "zone" is expected here',
      `Such as: zone cn-hangzhou-h; Example: ${ask}`,
    ],
    [
      'attach ops to zone "cn hangzhou"',
      'Cannot take zone "cn hangzhou": must be the id of a zone',
      `Example: ${ask}`,
    ],
    [
      `attach ops to tag ${Array.from({ length: 21 }, (_, i) => `k${i}=v`).join(',')}`,
      'Cannot take so many: must name at most 20 tags',
      `Example: ${ask}`,
    ],
    [
      'restart ops on i-a --no-restart',
      'Cannot restart with --no-restart: the two contradict each other',
      'To attach without a restart: attach … --no-restart; Example: restart ops-2026 on i-bp1a,i-bp1b',
    ],
    [
      'attach ops to i-a --note “open',
      'Cannot read "“open": the quotes are not closed',
      `Close the text with the same kind of quotes; Example: ${ask}`,
    ],
    [
      "attach ops to i-a --note don't",
      'Cannot read "don\'t": a word contains quotes',
      `Put the whole text in quotes; Example: ${ask}`,
    ],
    [
      'attach ops to i-a --note "a"b',
      'Cannot read "b": a space must follow the quotes',
      `Inside quotes, write \\" for a quote; Example: ${ask}`,
    ],
    [
      'approve ro-1 sha256:0a0a0a0a',
      'Cannot read "ro-1": not the id of a rollout, which is ro- and 26 characters',
      'For the newest rollouts: status; Example: approve ro-b3oy4vgdyx5pohfzpcbbgsqfnm sha256:0a1b2c3d',
    ],
    [
      `approve ${RO}`,
      "Cannot read the line: the plan's digest is missing",
      'The card of the rollout shows the digest of its plan; Example: approve ro-b3oy4vgdyx5pohfzpcbbgsqfnm sha256:0a1b2c3d',
    ],
    [
      `approve ${RO} sha256:0a0a0a0`,
      'Cannot read "sha256:0a0a0a0": must be "sha256:" and at least 8 digits of the plan\'s digest',
      '',
    ],
    [`approve ${RO} 0a0a0a0a0a`, 'Cannot read "0a0a0a0a0a": must be "sha256:"', ''],
    [`approve ${RO} ${DIGEST}0`, 'must be "sha256:"', ''],
    [`pause ${RO} ${RO}`, `Cannot read "${RO}": nothing is expected here`, ''],
    ['pause', 'Cannot read the line: the id of a rollout is missing', ''],
    ['go now', 'Cannot read "now": nothing is expected here', ''],
    [`go ${RO}`, 'Cannot go one rollout: this command is for all of them', `For one: resume ${RO}`],
    [
      `stop ${RO}`,
      'Cannot stop one rollout: this command is for all of them',
      `For one: pause ${RO}, or abort ${RO}`,
    ],
    ['stop --dry-run', 'Cannot read options after stop: it takes only a reason', ''],
    [`stop ${'x'.repeat(201)}`, 'Cannot take reason "', ''],
    ['whoami alice', 'Cannot read "alice": nothing is expected here', ''],
    ['help me please', 'Cannot help with "me": no such topic', 'Topics: help, whoami, plan,'],
  ])('%j', ([line, message, hint], { expect }) => {
    const fault = faultOf(line);
    expect(fault.message).toContain(message);
    expect(fault.hint).toContain(hint);
  });

  test('1,000 ids are too long for a line, which says where else they can go', ({ expect }) => {
    const ids = Array.from({ length: 1_000 }, (_, i) => `i-bp1${String(i).padStart(15, '0')}`);
    const { message, hint } = faultOf(`attach ops to ${ids.join(',')}`);
    expect(message).toBe('Cannot read a line of 21013 characters: at most 4000 are allowed');
    expect(hint).toContain('conditions (help targets)');
    expect(hint).toContain('POST /rollouts');
    const fewer = `attach ops to ${ids.slice(0, 180).join(',')}`;
    expect(fewer.length).toBeLessThan(MAX_LINE_LENGTH);
    expect(requestOf(fewer).instanceIds).toHaveLength(180);
  });
});

describe('what could mislead is refused whole', () => {
  test.for([
    'attach ops to i-a; rm -rf /',
    'attach ops to i-a && stop',
    'attach ops to i-a | stop',
    'attach ops to i-a > x',
    'attach $(cat /etc/passwd) to i-a',
    'attach ${IFS} to i-a',
    'attach ops to `id`',
    'attach ops to i-*',
    'attach ops to i-[ab]',
    'attach ../ops to i-a',
    'attach ops to i-a #comment',
    'attach ops to i-a --note $(reboot)',
    'attach ops to i-a --note "x" "y"',
    'attach ops to i-a --note "x"; stop',
    "attach ops to i-a' OR '1'='1",
    'attach ops to i-a <!channel>',
    'attach ops to i-a stop',
    'attach ops to i-a attach ops to i-b',
    'attach ops --note "x" to i-a',
    'please attach ops to i-a',
    'he said: attach ops to i-a',
    '"attach" ops to i-a',
    'latchkey latchkey help',
    'status all',
  ])('%j', (line, { expect }) => {
    expect(faultOf(line).message).toMatch(/^Cannot /);
  });

  test.for(['\n', '\r\n', '\u0085', '\u2028', '\u2029'])(
    'a second line after %j',
    (end, { expect }) => {
      expect(faultOf(`status${end}stop`).message).toBe(
        'Cannot read more than one line: a message is one command',
      );
      expect(faultOf(`attach ops to i-a --note "x${end}y"`).message).toContain(
        'more than one line',
      );
    },
  );

  test.for([
    ['null', '\0'],
    ['tab', '\t'],
    ['escape', '\u001b'],
    ['soft hyphen', '\u00ad'],
    ['combining grapheme joiner', '\u034f'],
    ['zero-width space', '\u200b'],
    ['zero-width joiner', '\u200d'],
    ['right-to-left override', '\u202e'],
    ['isolate', '\u2066'],
    ['word joiner', '\u2060'],
    ['Hangul filler', '\u3164'],
    ['variation selector', '\ufe00'],
    ['byte order mark', '\ufeff'],
    ['tag letter', '\u{e0061}'],
    ['half of a character', '\ud800'],
    ['private one', '\ue000'],
    ['noncharacter', '\uffff'],
  ] as const)('a %s', ([, hidden], { expect }) => {
    const { message } = faultOf(`attach ops to i-a --note "x${hidden}y"`);
    expect(message).toMatch(/^Cannot read character 28 \(U\+[0-9A-F]{4,6}\): it is invisible$/);
    expect(faultOf(`stop x${hidden}y`).message).toContain('is invisible');
    expect(faultOf(`sta${hidden}tus`).message).toContain('is invisible');
  });

  test('names that reach a prototype', ({ expect }) => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      expect(faultOf(`attach ops to tag team=web,${key}=x`).message).toContain(
        `"${key}" cannot be`,
      );
    }
    for (const word of ['constructor', '__proto__', 'toString']) {
      expect(faultOf(word).message).toContain('no such verb');
      expect(faultOf(`help ${word}`).message).toContain('no such topic');
      expect(faultOf(`attach ops to i-a --${word} x`).message).toMatch(/^Cannot read /);
      expect(faultOf(`attach ops to ${word} x`).message).toMatch(/^Cannot take instance/);
    }
  });

  test('letters that only look like ours', ({ expect }) => {
    // The sign of kelvin, whose small letter is an ordinary k.
    expect(faultOf('attach ops to \u212aeypair ops-2025').message).toContain('instance');
    expect(faultOf('attach ops to i-a --ba\u212ae 5m').message).toContain('no such option');
    expect(faultOf('st\u0430tus').message).toContain('no such verb');
    expect(faultOf('attach \uff4fps to i-a').message).toContain('Cannot take key pair');
  });

  test.for([
    'attach whsec_MDEy to i-a',
    'stop whsec_MDEy',
    'LTAI5tExample',
    'atach x to i-a --note whsec_MDEy',
  ])('a credential, which is not repeated: %j', (line, { expect }) => {
    const fault = faultOf(line);
    expect(fault.message).toBe('Cannot read the line: it seems to contain a credential');
    expect(JSON.stringify(fault)).not.toMatch(/MDEy|5tExample/);
  });
});

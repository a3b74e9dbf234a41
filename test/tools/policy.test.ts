import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, type TestContext, test } from 'vitest';
import { publicKeyNamed } from '../../local/cloud/ecs/model/ssh-public-key.ts';
import { parsePolicy } from '../../shared/policy-file/parse-policy.ts';
import { DESCRIPTIONS } from '../../tools/policy/descriptions.ts';
import { placesIn, policySchema } from '../../tools/policy/schema.ts';
import { linesOf, run, SCHEMA, schemaText, USAGE } from '../../tools/policy.ts';
import {
  aFileClient,
  APPROVER,
  aRule,
  FINGERPRINT,
  type Fields,
} from '../shared/policy-file/policy-file.ts';
import { CONSOLE_RULE } from '../support/tokens.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const inRoot = (name: string) => join(ROOT, name);
const jsonIn = (name: string) => JSON.parse(readFileSync(inRoot(name), 'utf8')) as Fields;

/** 2026-11-24T08:00:00Z, a Tuesday: inside the window of `deploy-pipeline` until 16:00 in Shanghai. */
const NOW_MS = Date.UTC(2026, 10, 24, 8) - 1;

/** Runs the tool over files that are written for it. */
function aTool({ onTestFinished }: Pick<TestContext, 'onTestFinished'>) {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const tool = (...args: string[]) => {
    let output = '';
    const exit = run(
      args,
      (text) => (output += text),
      () => NOW_MS,
    );
    return { exit, output };
  };
  /** What it makes of an event or a request, under a policy. */
  const explain = (subject: unknown, policy: Fields, ...args: string[]) =>
    tool('explain', file('subject.json', subject), '--policy', file('own.json', policy), ...args);
  return { file, tool, explain };
}

/** What it says when it cannot do what is asked. */
function complaintOf(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    return linesOf(error);
  }
  return [];
}

describe('the schema', () => {
  const validate = new Ajv({ formats: { 'date-time': true, uri: URL.canParse } }).compile(
    policySchema(),
  );

  test('is the one in policy.schema.json', ({ expect }) => {
    expect(readFileSync(SCHEMA, 'utf8'), 'npm run policy -- schema').toBe(schemaText());
  });

  test.for(['policy.json', 'policy.example.json'])(
    'takes %s, which names it for editors, and so does the policy',
    (name, { expect }) => {
      const file = jsonIn(name);
      expect(file['$schema']).toBe('./policy.schema.json');
      validate(file);
      expect(validate.errors).toBeNull();
      expect(() => parsePolicy(file)).not.toThrow();
    },
  );

  test('describes every field, and no other', ({ expect }) => {
    expect(Object.keys(DESCRIPTIONS).toSorted()).toEqual(placesIn(policySchema()).toSorted());
  });

  test.for<[string, Fields]>([
    ['an unknown field', { lunch: [] }],
    ['an unknown field inside', { launch: [aRule({ keyPair: 'x' })] }],
    ['no condition', { launch: [aRule({ match: {} })] }],
    ['a list that is empty', { clients: [aFileClient({ actions: [] })] }],
    ['a list that says something twice', { clients: [aFileClient({ actions: ['ask', 'ask'] })] }],
    ['a secret in place of its name', { clients: [aFileClient({ secretNames: ['whsec_x'] })] }],
    ['tags that are a list', { launch: [aRule({ match: { tags: ['a'] } })] }],
    ['tags with numbers', { launch: [aRule({ match: { tags: { a: 1 } } })] }],
    [
      'a gate that may take a minute',
      { healthGate: { url: 'https://a.example', secretName: 'A', timeoutSeconds: 60 } },
    ],
    ['a rule without a key pair', { launch: [aRule({ keyPairName: undefined })] }],
  ])('refuses %s, as the policy does', ([, file], { expect }) => {
    expect(validate(JSON.parse(JSON.stringify(file)))).toBe(false);
    expect(() => parsePolicy(file)).toThrow('Cannot accept the policy');
  });

  test('takes what the policy takes', ({ expect }) => {
    const rest = { approval: { always: true }, instances: { tags: { a: '*', b: '' } } };
    const file = { clients: [aFileClient(rest), APPROVER], launch: [aRule()] };
    expect(() => parsePolicy(file)).not.toThrow();
    expect(validate(file)).toBe(true);
  });
});

test('the key pairs in the policies are those that the local cloud makes of their names', ({
  expect,
}) => {
  for (const name of ['policy.json', 'policy.example.json']) {
    for (const { keyPairs } of parsePolicy(jsonIn(name)).clients) {
      for (const keyPair of keyPairs) {
        expect(keyPair.fingerprint).toBe(publicKeyNamed(keyPair.name).fingerprint);
      }
    }
  }
});

test('the example in docs/policy.md is policy.example.json', ({ expect }) => {
  const page = readFileSync(inRoot('docs/policy.md'), 'utf8');
  expect(page).toContain(
    `\`\`\`json\n${readFileSync(inRoot('policy.example.json'), 'utf8')}\`\`\``,
  );
});

test('the page names every field, and every command', ({ expect }) => {
  const page = readFileSync(inRoot('docs/policy.md'), 'utf8');
  const names = placesIn(policySchema()).flatMap(
    (place) => place.split(/[.[\]]+/).findLast(Boolean) ?? [],
  );
  // `$schema` stands there with its value.
  const unnamed = new Set(names.filter((name) => !page.includes(`\`${name}\``)));
  expect([...unnamed]).toEqual(['$schema']);
  for (const command of ['check', 'explain', 'schema']) {
    expect(page).toContain(`npm run policy -- ${command}`);
  }
});

describe('check', () => {
  test('says what the deployed policy is about', ({ expect, onTestFinished }) => {
    const { exit, output } = aTool({ onTestFinished }).tool('check');
    expect(output).toMatch(/policy\.json is taken\.\n {2}clients +operator\n/);
    expect(output).toContain('secrets of attach    WEBHOOK_SECRETS\n');
    expect(exit).toBe(0);
  });

  test('names the secrets that s.yaml does not give to the function that needs them', ({
    expect,
    onTestFinished,
  }) => {
    const { tool, file } = aTool({ onTestFinished });
    file('s.yaml', 'resources: {attach: {props: {environmentVariables: {CI_SECRETS: x}}}}');
    const gate = { url: 'https://gate.example.com', secretName: 'GATE_SECRET' };
    const path = file('policy.json', { clients: [aFileClient(), APPROVER], healthGate: gate });
    const { exit, output } = tool('check', path);
    expect(output.match(/Cannot .*/g)).toEqual([
      'Cannot deploy it: "APPROVER_SECRETS" is missing in s.yaml: function "attach" needs it',
      'Cannot deploy it: "GATE_SECRET" is missing in s.yaml: function "restart" needs it',
    ]);
    expect(exit).toBe(1);
  });

  test('names who may look at the console, and what it needs', ({ expect, onTestFinished }) => {
    const { tool, file } = aTool({ onTestFinished });
    file('s.yaml', 'resources: {attach: {props: {environmentVariables: {}}}}');
    const { exit, output } = tool('check', file('policy.json', { console: CONSOLE_RULE }));
    expect(output).toMatch(/^ {2}console +alice$/m);
    expect(output).toMatch(/^ {2}secrets of attach +CONSOLE_JWKS$/m);
    expect(output.match(/Cannot .*/g)).toEqual([
      'Cannot deploy it: "CONSOLE_JWKS" is missing in s.yaml: function "attach" needs it',
    ]);
    expect(exit).toBe(1);
  });

  test('refuses a key that stands twice, of which every other reader forgets one', ({
    expect,
    onTestFinished,
  }) => {
    const { tool, file } = aTool({ onTestFinished });
    const text = `{"launch": [], "launch": [${JSON.stringify(aRule())}]}`;
    const lines = complaintOf(() => tool('check', file('twice.json', text)));
    expect(lines.join('\n')).toMatch(/twice\.json.*"launch"/s);
    expect(lines.join('\n')).toContain('"/launch"');
  });

  test('names every fault by its place, once', ({ expect, onTestFinished }) => {
    const { tool, file } = aTool({ onTestFinished });
    const path = file('bad.json', { lunch: 1, launch: [aRule({ restart: 1 })] });
    expect(
      complaintOf(() => tool('check', path))
        .join('\n')
        .split('\n'),
    ).toEqual([
      'Cannot accept the policy: "/launch/0/restart": Cannot take 1: must be true or false',
      'Cannot accept the policy: "/lunch": Cannot take 1: is not a field of a policy',
    ]);
  });
});

const RULES = [
  aRule({ name: 'by-bot', match: { launchedBy: ['bot'] }, restart: false }),
  aRule({ name: 'web', match: { tags: { team: 'web' } } }),
  aRule({ name: 'build', match: { namePrefix: 'build-' }, restart: false, delaySeconds: 60 }),
];
const POLICY = { launch: RULES, ownRoles: ['Latchkey-Restart'] };

/** An element of what DescribeInstances answers. */
const described = (instanceId: string, tags: Readonly<Record<string, string>> = {}) => ({
  InstanceId: instanceId,
  InstanceName: 'build-1',
  ImageId: 'm-a',
  Tags: { Tag: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })) },
});

describe('explain, of a launch', () => {
  const event = (name: string) => readFileSync(inRoot(`events/${name}.json`), 'utf8');
  const API_CALL = event('launch-run-instances-api-call');
  const CREATED = event('launch-state-change-created');
  const CREATED_ID = 'i-bp1sample00000000504';

  test('says rule by rule what matched and what did not, and which wins', ({
    expect,
    onTestFinished,
  }) => {
    const { exit, output } = aTool({ onTestFinished }).explain(API_CALL, POLICY);
    expect(output).toContain('RunInstances by alice = ');
    expect(output).toContain('told by ActionTrail');
    expect(output).toContain('i-bp1sample00000000201, i-bp1sample00000000202: name web-[1,3]');
    expect(output).toMatch(/1\. by-bot {2}differs {2}launched by is "alice" or .*, not "bot"/);
    expect(output).toContain('(can match events of ActionTrail only)');
    expect(output).toMatch(/2\. web {5}matches {2}tag "team" is "web"\n/);
    expect(output).toContain('Rule "web" wins: key pair ops-2026, and a restart.');
    expect(output).not.toContain('build');
    expect(exit).toBe(0);
  });

  test('says that none matches, and why', ({ expect, onTestFinished }) => {
    const { output } = aTool({ onTestFinished }).explain(event('launch-run-instances-console'), {
      launch: RULES.slice(1),
    });
    expect(output).toContain('differs  tag "team" is missing');
    expect(output).toContain('name "launch-advisor-20250707" does not begin with "build-"');
    expect(output).toContain('No rule matches: nothing is done.');
  });

  test('says what an event cannot tell, and what comes of it when no other does', ({
    expect,
    onTestFinished,
  }) => {
    const { explain, file } = aTool({ onTestFinished });
    const instance = file('instance.json', described(CREATED_ID));
    const { output } = explain(CREATED, POLICY, '--instance', instance);
    expect(output).toContain('which does not say who launched');
    expect(output).toContain('name build-1; tags none; image m-a (from DescribeInstances)');
    expect(output).toMatch(/by-bot {2}unknown {2}launched by is not known \(can match events of/);
    expect(output).toContain('Undecided: rule "by-bot" may match, but launched by is not known.');
    expect(output).toContain(
      'If no such event comes within 15 minutes: rule "build" wins: key pair ops-2026, no restart, 60 s after',
    );
  });

  test('does not guess at what it was not told', ({ expect, onTestFinished }) => {
    const { output } = aTool({ onTestFinished }).explain(CREATED, { launch: RULES.slice(1) });
    expect(output).toContain('name, tags and image are unknown here (give them by --instance)');
    expect(output).toContain('Undecided: rule "web" may match, but tag "team" is not known.');
    expect(output).not.toContain('If no such event');
  });

  test.for([
    ['the whole answer', (one: object) => ({ Instances: { Instance: [one] }, TotalCount: 1 })],
    ['its list', (one: object) => [one]],
    ['one element', (one: object) => one],
  ] as const)('takes instances as %s of DescribeInstances', ([, shape], context) => {
    const { explain, file } = aTool(context);
    const instance = file('instance.json', shape(described(CREATED_ID, { team: 'web' })));
    const { output } = explain(CREATED, { launch: [RULES[1]] }, '--instance', instance);
    context.expect(output).toContain('Rule "web" wins');
  });

  test('tells what the instance itself keeps away', ({ expect, onTestFinished }) => {
    const { explain, file } = aTool({ onTestFinished });
    const tags = {
      team: 'web',
      'latchkey:attach': 'never',
      'latchkey:restart': 'approve',
      'acs:autoscaling:scalingGroupId': 'asg-1',
    };
    const instance = file('instance.json', described(CREATED_ID, tags));
    const { output } = explain(CREATED, { launch: [RULES[1]] }, '--instance', instance);
    expect(output.match(/Note: .*/g)).toEqual([
      'Note: tag latchkey:attach=never: no key pair is attached.',
      'Note: tag latchkey:restart=approve: it is not restarted, since nobody approves a launch.',
      'Note: a member of a scaling group: restarted only with "restartScalingMembers".',
    ]);
  });

  test.for(['launch-run-instances-assumed-role', 'launch-failed-call', 'state-change-running'])(
    'says why %s starts nothing',
    (name, { expect, onTestFinished }) => {
      const ownRoles = ['Deployer'];
      const { output } = aTool({ onTestFinished }).explain(event(name), { ...POLICY, ownRoles });
      expect(output).toMatch(/^Ignored: .+\.\n$/);
    },
  );

  test.for(readdirSync(inRoot('events')).filter((name) => name.startsWith('launch-')))(
    'takes the sample %s, in words and as JSON',
    (name, { expect, onTestFinished }) => {
      const { tool } = aTool({ onTestFinished });
      expect(tool('explain', inRoot(`events/${name}`)).exit).toBe(0);
      const { output } = tool('explain', inRoot(`events/${name}`), '--json');
      expect(JSON.parse(output)).toHaveProperty('kind');
    },
  );

  test('refuses an instance that is not of the event', ({ expect, onTestFinished }) => {
    const { explain, file } = aTool({ onTestFinished });
    const instance = file('instance.json', described('i-other'));
    expect(complaintOf(() => explain(CREATED, POLICY, '--instance', instance))).toEqual([
      'Cannot explain "i-other": the event does not name it',
    ]);
  });
});

describe('explain, of a request', () => {
  const REQUEST = {
    regionId: 'cn-hangzhou',
    keyPairName: 'ops-2026',
    instanceIds: ['i-a', 'i-b'],
    restart: 'auto',
    attach: 'wave',
  };
  const EXAMPLE = jsonIn('policy.example.json');
  const SECRET = 'PIPELINE_SECRETS';

  test('says for each client whether it may, and for one alone', ({ expect, onTestFinished }) => {
    const { explain } = aTool({ onTestFinished });
    const { output } = explain(REQUEST, EXAMPLE);
    expect(output.match(/^Client .*$/gm)).toEqual([
      'Client "deploy-pipeline" may, if',
      'Client "operator" may, if',
      'Client "approver" may not:',
      'Client "dashboard" may not:',
    ]);
    expect(explain(REQUEST, EXAMPLE, '--client', 'approver').output).toMatch(
      /Client "approver" may not:\n {2}the whole: it may not ask\n\n/,
    );
    expect(output).not.toContain(SECRET);
  });

  test('says for each person whether they may, and how many have to approve', ({
    expect,
    onTestFinished,
  }) => {
    const { explain } = aTool({ onTestFinished });
    const { output } = explain(REQUEST, EXAMPLE);
    expect(output.match(/^Person .*$/gm)).toEqual([
      'Person "wang" may, if',
      'Person "lin" may not:',
    ]);
    const many = { ...REQUEST, instanceIds: Array.from({ length: 150 }, (_, n) => `i-${n}`) };
    expect(explain(many, EXAMPLE, '--client', 'deploy-pipeline').output).toContain(
      'more than 100 instances are attached or restarted (high risk: an approval in a chat is not enough); or ',
    );
    expect(explain(many, EXAMPLE, '--client', 'deploy-pipeline').output).toMatch(
      /Approval: only if .*; by 2 people\n/,
    );
    expect(explain(REQUEST, EXAMPLE, '--client', 'wang').output).toContain(
      'Approval: only if an instance to restart has a tag that asks for one\n',
    );
  });

  test('names limits, window, gate and the need of an approval', ({ expect, onTestFinished }) => {
    const { explain } = aTool({ onTestFinished });
    const { output } = explain(REQUEST, EXAMPLE, '--client', 'deploy-pipeline');
    expect(output).toContain('- every instance has team=web\n');
    expect(output).toContain('- the key pair has fingerprint 69:dd:');
    expect(output).toContain('- fewer than 2 of its rollouts are open\n');
    expect(output).toMatch(
      /Approval: only if an instance to .* has env=production; or an instance to restart has a tag/,
    );
    expect(output).toContain('Restarts: at once: the window is open\n');
    expect(output).toContain('Health gate: https://gate.example.com/web\n');

    const operator = explain(REQUEST, EXAMPLE, '--client', 'operator').output;
    expect(operator).toContain('Approval: needed: always\n');
    expect(operator).toContain('Restarts: not before 2026-11-28T14:00:00.000Z: window (sat, sun');
  });

  test('says how many instances make an approval necessary', ({ expect, onTestFinished }) => {
    const instanceIds = Array.from({ length: 21 }, (_, n) => `i-${n}`);
    const { output } = aTool({ onTestFinished }).explain({ ...REQUEST, instanceIds }, EXAMPLE);
    expect(output).toContain(
      'Approval: only if more than 20 instances are attached or restarted; or an instance',
    );
  });

  test('names every reason against it', ({ expect, onTestFinished }) => {
    const body = { ...REQUEST, keyPairName: 'ops-2024', attach: 'now' };
    const { explain } = aTool({ onTestFinished });
    const { output } = explain(body, EXAMPLE, '--client', 'deploy-pipeline');
    expect(output).toContain('Refused for everybody: /keyPairName: revoked: the laptop with its');
    expect(output).toContain('  /keyPairName: client "deploy-pipeline" may not attach key pair');
    expect(output).toContain('  /attach: client "deploy-pipeline" may not ask for "attach": "now"');
  });

  test('looks at the tags of instances that it is given', ({ expect, onTestFinished }) => {
    const { explain, file } = aTool({ onTestFinished });
    const [good, bad] = [described('i-a', { team: 'web' }), described('i-b', { team: 'db' })];
    const withInstances = (...all: object[]) =>
      explain(
        REQUEST,
        EXAMPLE,
        '--client',
        'deploy-pipeline',
        '--instance',
        file('instances.json', all),
      ).output;
    expect(withInstances(good, bad)).toContain('/instanceIds/1: "i-b" does not have team=web');
    const both = withInstances(good, { ...good, InstanceId: 'i-b' });
    expect(both).not.toContain('every instance carries');
    expect(both).toContain('Approval: only if an instance to restart has a tag that asks for one');
  });

  test('takes the event of the HTTP trigger as well', ({ expect, onTestFinished }) => {
    const { tool } = aTool({ onTestFinished });
    for (const name of ['http-rollout', 'http-rollout-base64']) {
      expect(tool('explain', inRoot(`events/${name}.json`)).output).toContain(
        'Client "operator" may, if',
      );
    }
  });

  test('tells all of it as JSON, too', ({ expect, onTestFinished }) => {
    const { output } = aTool({ onTestFinished }).explain(REQUEST, EXAMPLE, '--json');
    expect(JSON.parse(output)).toMatchObject({
      kind: 'request',
      clients: [
        { client: 'deploy-pipeline', faults: [], approval: { needed: 'perhaps' } },
        {},
        {},
        {},
        { client: 'wang', is: 'person' },
        { client: 'lin', is: 'person' },
      ],
    });
  });

  test.for<[string, unknown, string[]]>([
    ['a request that the service would not read', { ...REQUEST, restart: 'yes' }, []],
    ['a client that is not there', REQUEST, ['--client', 'nobody']],
    ['a client for an event', aRule(), ['--client', 'operator', '--instance', 'x']],
  ])('refuses %s', ([, body, args], { expect, onTestFinished }) => {
    const { explain } = aTool({ onTestFinished });
    expect(complaintOf(() => explain(body, EXAMPLE, ...args)).join()).toMatch(/^Cannot /);
  });
});

test('a policy without clients permits nobody', ({ expect, onTestFinished }) => {
  const body = {
    regionId: 'cn-hangzhou',
    keyPairName: 'ops',
    instanceIds: ['i-a'],
    restart: 'auto',
  };
  expect(aTool({ onTestFinished }).explain(body, {}).output).toContain('nobody may ask');
});

test('help is given, and what is wrong with the call is said', ({ expect, onTestFinished }) => {
  const { tool } = aTool({ onTestFinished });
  expect(tool('--help')).toEqual({ exit: 0, output: USAGE });
  expect(tool()).toEqual({ exit: 2, output: USAGE });
  for (const [args, complaint] of [
    [['tell'], 'Cannot run "tell": not one of check, explain and schema'],
    [['explain'], 'Cannot explain: no file is given'],
    [['check', 'a', 'b'], 'Cannot use "b": one file at a time'],
    [['check', '/none.json'], 'Cannot read "/none.json": ENOENT'],
  ] as const) {
    expect(complaintOf(() => tool(...args))).toEqual([complaint]);
  }
  expect(complaintOf(() => tool('check', '--loud'))[0]).toContain('--loud');
});

test('a fingerprint is checked for its form only', ({ expect, onTestFinished }) => {
  const { tool, file } = aTool({ onTestFinished });
  const path = file('own.json', { launch: [aRule({ fingerprint: FINGERPRINT })] });
  expect(tool('check', path).exit).toBe(0);
});

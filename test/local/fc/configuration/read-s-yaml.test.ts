import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { queuesOf } from '../../../../local/cloud/fc/configuration/queues-of.ts';
import { readServerlessYaml } from '../../../../local/cloud/fc/configuration/read-s-yaml.ts';
import { FIXTURES, readFixtures } from '../host.ts';

/** One function with what the test is about, as indented lines below `props`. */
function read(props: string, onTestFinished: (run: () => void) => void, head = '') {
  const folder = mkdtempSync(join(tmpdir(), 's-yaml-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const sYamlPath = join(folder, 's.yaml');
  const lines = props.split('\n').map((line) => `      ${line}`);
  writeFileSync(
    sYamlPath,
    `edition: 3.0.0
name: test
access: default
${head}
resources:
  one:
    component: fc3
    props:
      runtime: nodejs20
      handler: index.handler
      code: ./code
${lines.join('\n')}
`,
  );
  const env = { SET: 'from the environment' };
  const functions = readServerlessYaml({ sYamlPath, env, config: { AccountID: '1000' } });
  return { one: functions[0]!, folder };
}

const NAMED = 'functionName: one';

function trigger(type: string, config: string): string {
  const lines = config.split('\n').map((line) => `      ${line}`);
  return `${NAMED}
triggers:
  - triggerName: t
    triggerType: ${type}
    triggerConfig:
${lines.join('\n')}`;
}

/** A JWT check, by what stands below `authConfig`. */
function jwt(config: string): string {
  const lines = config.split('\n').map((line) => `  ${line}`);
  return trigger('http', `authType: jwt\nmethods: [GET]\nauthConfig:\n${lines.join('\n')}`);
}

/** The key of RFC 8037 A.2. */
const OKP = 'use: sig, kty: OKP, crv: Ed25519, x: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const JWKS = `jwks: {keys: [{${OKP}, alg: EdDSA}]}`;
const LOOKUP = 'tokenLookup: header:X-Token';

const RULE = `eventSourceConfig:
  eventSourceType: Default`;

describe('s.yaml', () => {
  test('is read whole: functions, hooks, environment and triggers', ({ expect }) => {
    const functions = readFixtures();

    expect(functions.map(({ functionName }) => functionName)).toEqual([
      'fixture-echo',
      'fixture-hasty',
      'fixture-callback',
      'fixture-broken',
      'fixture-modern',
      'fixture-web',
      'fixture-signed',
    ]);
    expect(functions[0]).toMatchObject({
      resource: 'echo',
      handler: { file: 'index', name: 'handler' },
      codeFolder: join(FIXTURES, 'echo'),
      timeoutSec: 60,
      memoryMb: 512,
      environment: { GREETING: 'hello', PORT: '80', LEVEL: 'info' },
      initializer: { entry: { file: 'index', name: 'initialize' }, timeoutSec: 60 },
      async: { maxRetries: 1, onFailure: { kind: 'queue', queueName: 'fixture-failures' } },
      triggers: [
        {
          kind: 'rule',
          name: 'launched',
          pattern: { source: ['acs.ecs'] },
          retry: 'BACKOFF_RETRY',
        },
        {
          kind: 'queue',
          queueName: 'fixture-results',
          deadLetterQueue: 'fixture-dead',
          base64Decode: true,
          mode: 'event-streaming',
          errorsTolerance: 'ALL',
          batch: { count: 10, windowMs: 3_000 },
        },
        { kind: 'timer', payload: '{"do":"number"}' },
      ],
    });
    expect(queuesOf(functions)).toEqual(['fixture-results', 'fixture-dead', 'fixture-failures']);
  });

  test('takes the defaults of the API where it says nothing', ({ expect, onTestFinished }) => {
    const { one, folder } = read(NAMED, onTestFinished);

    expect(one).toEqual({
      resource: 'one',
      functionName: 'one',
      roleName: 'one',
      handler: { file: 'index', name: 'handler' },
      codeFolder: join(folder, 'code'),
      timeoutSec: 3,
      memoryMb: 512,
      environment: {},
      initializer: undefined,
      preStop: undefined,
      async: { maxRetries: 3, maxAgeSec: 86_400, onSuccess: undefined, onFailure: undefined },
      reservedConcurrency: undefined,
      triggers: [],
      listed: [],
    });
  });

  test('an http trigger without authType asks for a signature', ({ expect, onTestFinished }) => {
    const { one } = read(trigger('http', 'methods: [GET]'), onTestFinished);

    expect(one.triggers).toMatchObject([{ kind: 'http', auth: { kind: 'function' } }]);
  });

  test.for([
    [
      'as texts',
      "tokenLookup: 'header:Authorization:Bearer ,header:X-Token,cookie:session'\nclaimPassBy: header:sub:X-Who",
    ],
    [
      'as lists',
      `tokenLookup:
  - {readPosition: header, parameterName: Authorization, prefix: 'Bearer '}
  - {readPosition: header, parameterName: X-Token}
  - {readPosition: cookie, parameterName: session}
claimPassBy:
  - {mappingParameterPosition: header, claimName: sub, mappingParameterName: X-Who}`,
    ],
  ])('reads a JWT check with its places %s', ([, places], { expect, onTestFinished }) => {
    const { one } = read(jwt(`${JWKS}\n${places}\nwhitelist: [/healthz]`), onTestFinished);

    expect(one.triggers).toMatchObject([
      {
        auth: {
          kind: 'jwt',
          config: {
            keys: [{ kid: '', alg: 'EdDSA' }],
            lookup: [
              { kind: 'header', name: 'authorization', prefix: 'Bearer ' },
              { kind: 'header', name: 'x-token', prefix: '' },
              { kind: 'cookie', name: 'session' },
            ],
            claims: [{ claim: 'sub', header: 'x-who' }],
            paths: { kind: 'every-but', patterns: ['/healthz'] },
          },
        },
      },
    ]);
  });

  test('passes no claims on by what the component fills in', ({ expect, onTestFinished }) => {
    const { one } = read(jwt(`${JWKS}\n${LOOKUP}\nclaimPassBy: 'query::'`), onTestFinished);

    expect(one.triggers).toMatchObject([{ auth: { config: { claims: [] } } }]);
  });

  test.for([
    ['${vars.name}', 'wide'],
    ['a-${vars.name}-b', 'a-wide-b'],
    ['${vars.deep}', 'deep wide'],
    ["${env('SET')}", 'from the environment'],
    ['${env.SET}', 'from the environment'],
    ["${env('UNSET', 'otherwise')}", 'otherwise'],
    ["${env('UNSET', vars.name)}", 'wide'],
    ["${config('AccountID')}", '1000'],
    ['${config.AccountID}', '1000'],
    ['${this.props.handler}', 'index.handler'],
    ['${resources.one.props.functionName}', 'one'],
    ['${vars.number}', '7'],
  ])('the variable %s becomes %s', ([written, value], { expect, onTestFinished }) => {
    const head = 'vars:\n  name: wide\n  deep: deep ${vars.name}\n  number: 7';
    const props = `${NAMED}\nenvironmentVariables:\n  X: "${written}"`;

    expect(read(props, onTestFinished, head).one.environment).toEqual({ X: value });
  });

  test.for([
    ['${vars.missing}', 'names "${vars.missing}", which has no value'],
    ["${env('UNSET')}", 'names "${env(\'UNSET\')}", which has no value'],
    ['${config.Nothing}', 'names "${config.Nothing}", which has no value'],
    ['${nonsense}', 'names "${nonsense}", which has no value'],
  ])('the variable %s is refused by its place', ([written, why], { expect, onTestFinished }) => {
    const props = `${NAMED}\nenvironmentVariables:\n  X: "${written}"`;
    expect(() => read(props, onTestFinished)).toThrow(
      `Cannot read "s.yaml": resources.one.props.environmentVariables.X ${why}`,
    );
  });

  test('refuses variables that form a circle', ({ expect, onTestFinished }) => {
    const head = 'vars:\n  a: ${vars.b}\n  b: ${vars.a}';

    expect(() => read(NAMED, onTestFinished, head)).toThrow(
      'Cannot read "s.yaml": vars.a names variables that form a circle',
    );
  });

  test.for([
    ['functionName is missing', 'timeout: 5'],
    ['functionName "1st" is not a valid name', 'functionName: 1st'],
    ['timeout must be a whole number from 1 to 86400', `${NAMED}\ntimeout: 0`],
    ['memorySize must be a multiple of 64', `${NAMED}\nmemorySize: 200`],
    ['timeOut is unknown to the local cloud', `${NAMED}\ntimeOut: 5`],
    [
      'triggers[0].triggerType "mns_topic" is not emulated: one of http, eventbridge, timer',
      trigger('mns_topic', 'notifyContentFormat: JSON'),
    ],
    [
      'triggers[0].triggerConfig.authType must be one of anonymous, function, jwt',
      trigger('http', 'authType: bearer\nmethods: [GET]'),
    ],
    [
      'triggers[0].triggerConfig.authConfig is allowed with authType jwt only',
      trigger('http', 'authType: anonymous\nmethods: [GET]\nauthConfig: {}'),
    ],
    ['triggers[0].triggerConfig.authConfig.jwks must be a mapping', jwt('tokenLookup: []')],
    ['triggers[0].triggerConfig.authConfig.jwks.keys is missing', jwt('jwks: {}')],
    [
      'triggers[0].triggerConfig.authConfig.jwks.keys[0].d is private: only public keys belong here',
      jwt('jwks: {keys: [{use: sig, kty: OKP, alg: EdDSA, d: AA}]}'),
    ],
    [
      'triggers[0].triggerConfig.authConfig.jwks.keys[0].alg must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA',
      jwt('jwks: {keys: [{use: sig, kty: OKP, alg: HS256}]}'),
    ],
    [
      'triggers[0].triggerConfig.authConfig.jwks.keys[0] is not a public key',
      jwt('jwks: {keys: [{use: sig, kty: OKP, alg: EdDSA, crv: Ed25519, x: AA}]}'),
    ],
    [
      'triggers[0].triggerConfig.authConfig.jwks.keys[0] is no key of RS256',
      jwt(`jwks: {keys: [{${OKP}, alg: RS256}]}`),
    ],
    [
      'triggers[0].triggerConfig.authConfig.jwks.keys has two keys of the kid "a"',
      jwt(`jwks: {keys: [{${OKP}, alg: EdDSA, kid: a}, {${OKP}, alg: EdDSA, kid: a}]}`),
    ],
    ['triggers[0].triggerConfig.authConfig.tokenLookup is missing', jwt(JWKS)],
    [
      'triggers[0].triggerConfig.authConfig.tokenLookup names the position "query": only header and cookie are emulated',
      jwt(`${JWKS}\ntokenLookup: query:token`),
    ],
    [
      'triggers[0].triggerConfig.authConfig.tokenLookup has a prefix for a cookie',
      jwt(`${JWKS}\ntokenLookup: 'cookie:session:Bearer '`),
    ],
    [
      'triggers[0].triggerConfig.authConfig.tokenLookup names "a b", which is not a valid cookie name',
      jwt(`${JWKS}\ntokenLookup: cookie:a b`),
    ],
    [
      'triggers[0].triggerConfig.authConfig.tokenLookup has a prefix "Bearer" that ends without a blank',
      jwt(`${JWKS}\ntokenLookup: header:Authorization:Bearer`),
    ],
    [
      'triggers[0].triggerConfig.authConfig.claimPassBy names the position "cookie": only header is emulated',
      jwt(`${JWKS}\n${LOOKUP}\nclaimPassBy: cookie:sub:sub`),
    ],
    [
      'triggers[0].triggerConfig.authConfig.blacklist cannot be combined with whitelist',
      jwt(`${JWKS}\n${LOOKUP}\nwhitelist: [/a]\nblacklist: [/b]`),
    ],
    [
      'triggers[0].triggerConfig.authConfig.whitelist[1] must be a path, with "*" at most at its end',
      jwt(`${JWKS}\n${LOOKUP}\nwhitelist: [/a, '/*/b']`),
    ],
    [
      'triggers[0].triggerConfig.authConfig.issuer is unknown to the local cloud',
      jwt(`${JWKS}\n${LOOKUP}\nissuer: me`),
    ],
    ['triggers[0].triggerConfig.methods is missing', trigger('http', 'authType: anonymous')],
    [
      'triggers[0].triggerConfig.methods[1] must be one of GET, POST, PUT, DELETE, HEAD, PATCH, OPTIONS',
      trigger('http', 'methods: [GET, FETCH]'),
    ],
    [
      'triggers[0].triggerConfig.eventRuleFilterPattern must be a string of JSON',
      trigger('eventbridge', `eventRuleFilterPattern: '{'\n${RULE}`),
    ],
    [
      'triggers[0].triggerConfig.runOptions.mode must be event-driven for a bus',
      trigger('eventbridge', `runOptions:\n  mode: event-streaming\n${RULE}`),
    ],
    [
      'triggers[0].triggerConfig.runOptions.errorTolerance is unknown to the local cloud',
      trigger('eventbridge', `runOptions:\n  errorTolerance: ALL\n${RULE}`),
    ],
    [
      'triggers[0].triggerConfig.eventSourceConfig.eventSourceType must be one of Default, MNS',
      trigger('eventbridge', 'eventSourceConfig:\n  eventSourceType: Kafka'),
    ],
    [
      'triggers[0].triggerConfig.cronExpression "every hour" is neither "@every <period>" nor six cron fields',
      trigger('timer', "cronExpression: 'every hour'"),
    ],
    [
      'asyncInvokeConfig.destinationConfig.onFailure.destination names "acs:mns:r:1:/topics/t/messages": the local cloud emulates SMQ queues only',
      `${NAMED}\nasyncInvokeConfig:\n  destinationConfig:\n    onFailure:\n      destination: acs:mns:r:1:/topics/t/messages`,
    ],
  ])('says: %s', ([why = '', props = ''], { expect, onTestFinished }) => {
    expect(() => read(props, onTestFinished)).toThrow(
      `Cannot read "s.yaml": resources.one.props.${why}`,
    );
  });

  test('refuses a runtime that this host is not', ({ expect, onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 's-yaml-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const sYamlPath = join(folder, 's.yaml');
    writeFileSync(
      sYamlPath,
      'resources: {one: {component: fc3, props: {functionName: one, runtime: python3.10, handler: a.b, code: .}}}',
    );

    expect(() => readFixtures(sYamlPath)).toThrow(
      'Cannot read "s.yaml": resources.one.props.runtime must be one of nodejs20, nodejs18',
    );
  });

  test('that is no YAML is refused with the line', ({ expect, onTestFinished }) => {
    expect(() => read('functionName: [', onTestFinished)).toThrow(/at line \d+/);
  });
});

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';
import { type ErrorCode, LatchkeyError } from '../../shared/domain/model/errors.ts';
import { problem } from '../../shared/inbound/fc.ts';
import { PROJECT_FOLDER } from '../../local/start-local-cloud.ts';
import { inputsOf, lineOf } from '../../tools/fuzz/input.ts';
import { faultOf, type Outcome } from '../../tools/fuzz/judge.ts';
import { complaintsOf, type Tally } from '../../tools/fuzz/run.ts';

const run = promisify(execFile);

interface Result extends Omit<Tally, 'failures'> {
  readonly failures: readonly { readonly what: string; readonly input?: string }[];
  readonly complaints: readonly string[];
  readonly ok: boolean;
}

/** The tool, over the bundles that there are. Its clock is not the test's, so it is another process. */
async function fuzzed(...options: string[]): Promise<Result> {
  const { stdout } = await run(
    process.execPath,
    ['--import', 'tsx', 'tools/fuzz.ts', '--built', '--json', ...options],
    { cwd: PROJECT_FOLDER },
  );
  return JSON.parse(stdout) as Result;
}

describe('the fuzz run', { timeout: 120_000 }, () => {
  test('finds nothing in the built functions, and repeats by its seed', async ({ expect }) => {
    const options = ['--seed', '4', '--seconds', '0', '--requests', '150'];
    const [one, other] = await Promise.all([fuzzed(...options), fuzzed(...options)]);

    expect(one.complaints).toEqual([]);
    expect(one).toMatchObject({ ok: true, events: { attach: 150 }, failures: [] });
    expect(Object.keys(one.statuses).length).toBeGreaterThan(5);
    expect(other).toEqual(one);
  });

  test('plays an input again', async ({ expect, onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'input.txt');
    const event = Buffer.from('no event at all');
    writeFileSync(file, `${lineOf({ name: 'attach', atMs: 1_795_507_200_000, event })}\n`);

    expect(await fuzzed('--replay', file)).toMatchObject({ ok: true, statuses: { 400: 1 } });
  });
});

test('an input is one line that can be read again', ({ expect }) => {
  const input = { name: 'restart', atMs: 7, event: Buffer.from([0, 255, 10]) } as const;

  expect(inputsOf(`\n${lineOf(input)}\n`)).toEqual([input]);
  expect(() => inputsOf('attach 7\n')).toThrow(
    'Cannot read line 1: not "<function> <milliseconds> <base64>"',
  );
});

const OK = {
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  isBase64Encoded: false,
  body: '{"status":"ok"}',
};

const REFUSALS: Readonly<Record<number, ErrorCode>> = {
  401: 'unsigned',
  403: 'forbidden',
  404: 'not-found',
  422: 'not-valid',
  503: 'unavailable',
};

function refused(status: number) {
  const error = new LatchkeyError(REFUSALS[status]!, 'Cannot do it: refused');
  return { ...problem(error, { nowMs: 0, instance: 'r-1' }), statusCode: status };
}

function anOutcome(over: Partial<Outcome> = {}): Outcome {
  return {
    name: 'attach',
    result: OK,
    error: undefined,
    before: { ecs: { DescribeInstances: 1 } },
    after: { ecs: { DescribeInstances: 1 } },
    printed: '',
    secrets: ['geheim'],
    ...over,
  };
}

describe('the judge of a fuzz run', () => {
  test.for<[string, Partial<Outcome>]>([
    ['an answer', {}],
    ['a refusal', { result: refused(401) }],
    [
      'a look at ECS for a refusal by policy',
      { result: refused(403), after: { ecs: { DescribeInstances: 2 } } },
    ],
    ['an expected error of launch', { name: 'launch', error: new LatchkeyError('timeout', 'x') }],
  ])('lets pass %s', ([, over], { expect }) => {
    expect(faultOf(anOutcome(over))).toBeUndefined();
  });

  test.for<[string, Partial<Outcome>]>([
    ['the webhook threw', { error: new LatchkeyError('timeout', 'x') }],
    ['threw TypeError', { name: 'restart', error: new TypeError('x') }],
    ['answered 503, and nothing was wrong with the cloud', { result: refused(503) }],
    ['a secret was printed', { printed: 'geheim' }],
    ['a secret was answered', { result: { ...OK, body: '{"a":"geheim"}' } }],
    ['404 has the wrong content type', { result: { ...OK, statusCode: 404 } }],
    ['the problem names another status', { result: { ...refused(404), body: '{"status":400}' } }],
    ['no schema describes the answer', { result: { ...OK, body: '{"status":"ok","more":1}' } }],
    ['the reply is not a text', { result: { ...OK, body: {} } }],
    [
      '401, and yet tablestore GetRow was called',
      { result: refused(401), after: { tablestore: { GetRow: 1 } } },
    ],
    [
      '404, and yet DescribeInstances was called',
      { result: refused(404), after: { ecs: { DescribeInstances: 2 } } },
    ],
    [
      '422, and yet AttachKeyPair was called',
      { result: refused(422), after: { ecs: { AttachKeyPair: 1 } } },
    ],
  ])('finds: %s', ([fault, over], { expect }) => {
    expect(faultOf(anOutcome(over))).toBe(fault);
  });

  test('complains of a heap that grows, and of a run that met too few refusals', ({ expect }) => {
    const statuses = {
      200: 1,
      202: 1,
      400: 1,
      401: 1,
      403: 1,
      404: 1,
      405: 1,
      409: 1,
      413: 1,
      415: 1,
    };
    const events = { attach: 10_000, launch: 0, restart: 0 };
    const tally = { seed: 1, events, statuses, thrown: {}, failures: [] };

    expect(complaintsOf({ ...tally, heap: { first: 100, last: 111 } })).toEqual([
      'the heap grew from 100 to 111 bytes',
      'no request was answered 422',
    ]);
    expect(
      complaintsOf({
        ...tally,
        statuses: { ...statuses, 422: 1 },
        heap: { first: 100, last: 110 },
      }),
    ).toEqual([]);
  });
});

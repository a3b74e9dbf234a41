import { test } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import { pointerOf } from '../../../../shared/lib/pointer.ts';
import {
  parseCommand,
  parseGo,
  parseStop,
  parseUndo,
} from '../../../../shared/contract/requests/control-request.ts';

const rolloutId = 'ro-aaaaaaaaaaaaaaaaaaaaaaaaaa';
const planDigest = `sha256:${'0a'.repeat(32)}`;

function faultsOf(parse: () => unknown): string[] {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return (error.details.faults ?? []).map(({ path, detail }) => `${pointerOf(path)}: ${detail}`);
  }
  throw new Error('was accepted');
}

test.for(['pause', 'resume', 'abort', 'deny'] as const)('%s is read', (action, { expect }) => {
  const body = JSON.stringify({ rolloutId, action });
  expect(parseCommand(body, { rolloutId, action })).toEqual({ kind: action });
});

test('approve and resolve are read with what they need, each id once', ({ expect }) => {
  const approve = JSON.stringify({ rolloutId, action: 'approve', planDigest });
  expect(parseCommand(approve, { rolloutId, action: 'approve' })).toEqual({
    kind: 'approve',
    planDigest,
  });
  const instanceIds = ['i-b', 'i-a', 'i-b'];
  const resolve = JSON.stringify({ rolloutId, action: 'resolve', as: 'retry', instanceIds });
  expect(parseCommand(resolve, { rolloutId, action: 'resolve' })).toEqual({
    kind: 'resolve',
    as: 'retry',
    instanceIds: ['i-b', 'i-a'],
  });
});

test('a body that was signed for one path is not taken at another', ({ expect }) => {
  const body = JSON.stringify({ rolloutId, action: 'resume' });
  const other = 'ro-bbbbbbbbbbbbbbbbbbbbbbbbbb';
  expect(faultsOf(() => parseCommand(body, { rolloutId: other, action: 'abort' }))).toEqual([
    `/rolloutId: Cannot take "${rolloutId}": must be "${other}", as in the path`,
    '/action: Cannot take "resume": must be "abort", as in the path',
  ]);
});

test.for<[Record<string, unknown>, string]>([
  [{ as: 'again' }, '/as: Cannot take "again": must be "retry" or "skip"'],
  [{ instanceIds: ['j-b'] }, '/instanceIds/0: Cannot take "j-b": must be an instance id'],
  [{ force: 1 }, '/force: Cannot take 1: is not a field of a request to resolve a rollout'],
])('resolve with %o is refused', ([change, fault], { expect }) => {
  const whole = { rolloutId, action: 'resolve', as: 'skip', instanceIds: ['i-a'] };
  const body = JSON.stringify({ ...whole, ...change });
  const [found, ...others] = faultsOf(() => parseCommand(body, { rolloutId, action: 'resolve' }));
  expect(found?.startsWith(fault)).toBe(true);
  expect(others).toEqual([]);
});

test('an undo may be tried first, and may break the glass for a reason', ({ expect }) => {
  const read = (fields: object) =>
    parseUndo(JSON.stringify({ rolloutId, action: 'undo', ...fields }), rolloutId);
  expect(read({})).toEqual({ dryRun: false, breakGlass: null });
  expect(read({ dryRun: true, breakGlass: 'login is lost' })).toEqual({
    dryRun: true,
    breakGlass: 'login is lost',
  });
  for (const breakGlass of ['', ' ', 'a\nb', 'x'.repeat(201), true]) {
    expect(faultsOf(() => read({ breakGlass }))[0]).toMatch(/^\/breakGlass: /);
  }
});

test('a stop says why in one line, a go says nothing', ({ expect }) => {
  expect(parseStop('{"action":"stop","reason":"生产事故"}')).toEqual({ reason: '生产事故' });
  expect(faultsOf(() => parseStop('{"action":"stop","reason":"  "}'))).toEqual([
    '/reason: Cannot take "  ": must say why',
  ]);
  const reason = 'x'.repeat(201);
  expect(faultsOf(() => parseStop(JSON.stringify({ action: 'stop', reason })))[0]).toMatch(
    /: must have at most 200 characters$/,
  );
  expect(parseGo('{"action":"go"}')).toBeUndefined();
  expect(faultsOf(() => parseGo('{"action":"stop"}'))).toEqual([
    '/action: Cannot take "stop": must be "go", as in the path',
  ]);
});

import { readFileSync } from 'node:fs';
import { describe, test } from 'vitest';
import { noPaint } from '../../cli/show/paint.ts';
import { instanceTable } from '../../cli/show/rollout.ts';
import { instanceAnswer } from '../../shared/contract/answers/instance-answer.ts';
import { countsOf } from '../../shared/domain/chat/cards/progress.ts';
import type { AttachState, RestartState } from '../../shared/domain/model/rollout.ts';
import { INSTANCE_STATES } from '../../shared/domain/workflow/instance-state.ts';
import { anInstance } from '../shared/outbound/store/builders.ts';

const { STATES } = (await import(new URL('../../console/states.js', import.meta.url).href)) as {
  STATES: readonly { readonly name: string }[];
};

const due = {
  kind: 'due',
  how: 'reboot',
  attempt: 0,
  notBeforeMs: 0,
  isDown: false,
  reason: '',
} as const;
const attached = { kind: 'attached', atMs: 1, requestId: 'r' } as const;
const failed = {
  kind: 'failed',
  how: 'reboot',
  attempt: 1,
  code: 'ReadyTimeout',
  message: 'Stopping after 300 s',
  requestId: 'r',
  runningAtMs: null,
} as const;

test.for<[state: string, attach: AttachState, restart: RestartState]>([
  // The command line called this one due, and the console waiting.
  ['waiting', { kind: 'waiting', reason: 'wave', untilMs: 0 }, due],
  ['waiting', { kind: 'due', untilMs: 9 }, due],
  ['to restart', attached, due],
  ['attached', attached, { kind: 'none' }],
  ['failed', attached, failed],
  ['unknown', { kind: 'unknown', code: 'timeout', untilMs: 9 }, due],
  [
    'skipped',
    { kind: 'skipped', reason: 'windows', detail: '', effective: null },
    { kind: 'none' },
  ],
])(
  'an instance is %s in the answer, in a terminal and in a card',
  ([state, attach, restart], { expect }) => {
    const instance = anInstance(0, { attach, restart });
    const answer = instanceAnswer(instance);
    expect(answer.state).toBe(state);
    expect(instanceTable([answer], { paint: noPaint, all: true }).at(-1)).toContain(` ${state} `);
    expect(countsOf({ instances: [instance] })).toBe(`1 ${state}`);
  },
);

test('a failure says why and what to do, in the answer as in a terminal', ({ expect }) => {
  const answer = instanceAnswer(anInstance(0, { attach: attached, restart: failed }));
  expect(answer.why).toBe('ReadyTimeout: Stopping after 300 s');
  expect(answer.advice).toContain('resolve it as retry or skip');
  expect(instanceTable([answer], { paint: noPaint, all: true }).at(-1)).toContain(
    `${answer.why}; ${answer.advice}`,
  );
});

test('the console has a sign for every state, and for no other', ({ expect }) => {
  expect(STATES.map(({ name }) => name).toSorted()).toEqual([...INSTANCE_STATES].toSorted());
});

describe('docs/http.md', () => {
  const page = readFileSync(new URL('../../docs/http.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('| `state` '), page.indexOf('With `already-attached`'));

  test('explains every state, in the order in which they are counted', ({ expect }) => {
    const rows = [...table.matchAll(/^\| `([^`]+)` +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)];
    expect(rows.slice(1).map(([, state]) => state)).toEqual(INSTANCE_STATES);
  });
});

import { test } from 'vitest';
import type { Rollout } from '../../../../shared/domain/model/rollout.ts';
import { standsStillSinceMs } from '../../../../shared/domain/rollouts/sweep-open.ts';
import { NOW_MS } from '../../../models/builders.ts';
import { aWorld, rolloutIn } from '../../../models/world.ts';

const MINUTE_MS = 60_000;

async function aRollout(over: Partial<Rollout> = {}): Promise<Rollout> {
  const { ask } = aWorld();
  return { ...rolloutIn(await ask()), ...over };
}

test('a rollout stands still a quarter of an hour after the last thing that happened', async ({
  expect,
}) => {
  const rollout = await aRollout();
  const lastMs = rollout.history.at(-1)!.atMs;
  expect(standsStillSinceMs(rollout, lastMs + 15 * MINUTE_MS)).toBeUndefined();
  expect(standsStillSinceMs(rollout, lastMs + 15 * MINUTE_MS + 1)).toBe(lastMs);
});

test('that a rollout is looked at and written again is nothing that happens', async ({
  expect,
}) => {
  const nowMs = NOW_MS + 60 * MINUTE_MS;
  const waiting = { waitingFor: 'budget', waitingUntilMs: nowMs + 30_000 } as const;
  const rollout = await aRollout({ ...waiting, updatedAtMs: nowMs });
  expect(standsStillSinceMs(rollout, nowMs)).toBeDefined();
});

test('a restart may take as long as the request lets it', async ({ expect }) => {
  const { request } = await aRollout();
  const rollout = await aRollout({ request: { ...request, readyTimeoutSeconds: 3_600 } });
  expect(standsStillSinceMs(rollout, NOW_MS + 59 * MINUTE_MS)).toBeUndefined();
  expect(standsStillSinceMs(rollout, NOW_MS + 61 * MINUTE_MS)).toBeDefined();
});

test.for(['approval', 'paused', 'halted', 'stopped'] as const)(
  'a rollout that waits for a person (%s) does not stand still',
  async (waitingFor, { expect }) => {
    const rollout = await aRollout({ waitingFor });
    expect(standsStillSinceMs(rollout, NOW_MS + 1_000 * MINUTE_MS)).toBeUndefined();
  },
);

test('a window counts from when it was to open', async ({ expect }) => {
  const waitingUntilMs = NOW_MS + 600 * MINUTE_MS;
  const rollout = await aRollout({ waitingFor: 'window', waitingUntilMs });
  expect(standsStillSinceMs(rollout, waitingUntilMs)).toBeUndefined();
  expect(standsStillSinceMs(rollout, waitingUntilMs + 16 * MINUTE_MS)).toBe(waitingUntilMs);
});

test('what is over stands for ever, and what is closing does not', async ({ expect }) => {
  const done = await aRollout({ phase: 'done' });
  const closing = await aRollout({ phase: 'closing' });
  expect(standsStillSinceMs(done, NOW_MS + 1_000 * MINUTE_MS)).toBeUndefined();
  expect(standsStillSinceMs(closing, NOW_MS + 1_000 * MINUTE_MS)).toBeDefined();
});

import { describe, test } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import type { GateAnswer } from '../../../../shared/domain/model/ports.ts';
import type { RolloutRequest } from '../../../../shared/domain/model/request.ts';
import { tell } from '../../../../shared/domain/rollouts/carry-out-command.ts';
import { someRules } from '../../../models/builders.ts';
import { withMethods } from '../../../support/with-methods.ts';
import { aWorld, type Interceptors, rolloutIn } from '../../../models/world.ts';

// The models begin on a Monday: it opens on Tuesday at two.
const window = { days: ['tue'], start: '02:00', end: '03:00', timeZone: 'UTC' } as const;
const OPENS_MS = Date.UTC(2026, 8, 22, 2);
const CLOSED = { window, freezes: [] };
const FOR_WINDOW = { 'latchkey:restart': 'window' };

async function begun(
  tags: readonly Readonly<Record<string, string>>[],
  over: Partial<RolloutRequest> = {},
  faults: Interceptors = {},
) {
  const snapshots = tags.map((one, n) => ({ instanceId: `i-${n}`, name: `web-${n}`, tags: one }));
  const world = aWorld(snapshots, { schedule: CLOSED, ...faults });
  const { rolloutId } = rolloutIn(await world.ask({ breakGlass: 'outage 4711', ...over }));
  return {
    world,
    rolloutId,
    now: () => world.rollout(rolloutId),
    boots: () => snapshots.map(({ instanceId }) => world.ecs.look(instanceId).boots),
  };
}

describe('what breaks the glass', () => {
  test('waits for no window, and for no freeze', async ({ expect }) => {
    const { world, now, boots } = await begun([{}, {}]);
    const freezes = [{ from: world.now(), until: OPENS_MS, reason: 'sale' }];
    const frozen = await begun([{}], {}, { schedule: { window: null, freezes } });
    await world.settle();
    await frozen.world.settle();

    expect(boots()).toEqual([1, 1]);
    expect(frozen.boots()).toEqual([1]);
    expect((await now()).phase).toBe('done');
  });

  test('waits for the health gate, and for the limits, as any other', async ({ expect }) => {
    const answers: GateAnswer['answer'][] = ['go', 'halt'];
    const gate = {
      ask: async (): Promise<GateAnswer> => ({ answer: answers.shift() ?? 'halt', reason: 'sick' }),
    };
    const limits = { ramp: 'canary', maxUnavailable: '1' } as const;
    const { world, now, boots } = await begun([{}, {}], limits, { gate });
    await world.settle();

    expect(boots()).toEqual([1, 0]);
    expect((await now()).control).toMatchObject({ kind: 'halted', cause: 'health gate: sick' });
  });

  test('stops when all is stopped', async ({ expect }) => {
    const { world, now, boots } = await begun([{}]);
    await world.ports.stop.set({ by: 'lin', atMs: world.now(), reason: 'incident' });
    await world.settle();

    expect(boots()).toEqual([0]);
    expect((await now()).waitingFor).toBe('stopped');
  });
});

describe('an instance that is restarted in the window only', () => {
  test('waits for it, whoever breaks the glass, and holds nobody up', async ({ expect }) => {
    const { world, now, boots } = await begun([FOR_WINDOW, {}, FOR_WINDOW, {}]);
    await world.settle(60_000);

    expect(boots()).toEqual([0, 1, 0, 1]);
    expect((await now()).instances.map(({ attach }) => attach.kind)).toEqual(
      Array.from({ length: 4 }, () => 'attached'),
    );
    expect(await now()).toMatchObject({ waitingFor: 'window', waitingUntilMs: OPENS_MS });

    await world.settle(86_400_000);
    expect(boots()).toEqual([1, 1, 1, 1]);
    expect((await now()).phase).toBe('done');
    const readyAtMs = (await now()).instances.map(({ restart }) =>
      restart.kind === 'ready' ? restart.atMs : 0,
    );
    expect(readyAtMs.map((atMs) => atMs > OPENS_MS)).toEqual([true, false, true, false]);
  });

  test('waits for the end of a freeze too', async ({ expect }) => {
    const untilMs = OPENS_MS + 600_000;
    const freezes = [{ from: 0, until: untilMs, reason: 'sale' }];
    const schedule = { window, freezes };
    const { world, now, boots } = await begun([FOR_WINDOW, {}], {}, { schedule });
    await world.settle(60_000);

    expect(boots()).toEqual([0, 1]);
    expect(await now()).toMatchObject({ waitingFor: 'freeze', waitingUntilMs: untilMs });
    await world.settle(86_400_000);
    expect(boots()).toEqual([1, 1]);
  });

  test('is not restarted by a retry outside the window either', async ({ expect }) => {
    const faults: Interceptors = {
      schedule: { window: { ...window, days: ['mon'], start: '00:00', end: '23:59' }, freezes: [] },
      ecs: (ecs) =>
        withMethods(ecs, {
          rebootInstances: async () => {
            throw new LatchkeyError('refused', 'Cannot reboot: no');
          },
        }),
    };
    const { world, rolloutId, now } = await begun([FOR_WINDOW], {}, faults);
    await world.settle(60_000);
    expect((await now()).instances[0]!.restart.kind).toBe('failed');

    const ports = { ...world.ports, rules: someRules({ schedule: CLOSED }) };
    const invocation = { deadlineMs: world.now() + 58_000, ownerUntilMs: world.now() + 90_000 };
    const retry = { kind: 'resolve', as: 'retry', instanceIds: ['i-0'] } as const;
    await tell(rolloutId, retry, 'lin', ports, invocation);
    world.ports.rules = ports.rules;
    await world.settle(60_000);

    expect(await now()).toMatchObject({ waitingFor: 'window', waitingUntilMs: OPENS_MS });
    expect((await now()).instances[0]!.restart).toMatchObject({ kind: 'due', attempt: 1 });
  });

  test('is left as it is while the rollout is paused, whatever the policy says', async ({
    expect,
  }) => {
    const { world, rolloutId, now } = await begun([FOR_WINDOW, {}], { attach: 'wave' });
    await world.settle(60_000);
    const invocation = { deadlineMs: world.now() + 58_000, ownerUntilMs: world.now() + 90_000 };
    await tell(rolloutId, { kind: 'pause' }, 'lin', world.ports, invocation);
    const [before] = (await now()).instances;
    world.ports.rules = someRules();
    await world.tick();
    await world.settle();

    expect(before!.attach).toMatchObject({ kind: 'waiting', reason: 'wave' });
    expect((await now()).instances[0]).toEqual(before);
  });

  test.for(['now', 'wave'] as const)(
    'is bound, and restarted no more, when the policy no longer has a window (attach: %s)',
    async (attach, { expect }) => {
      const { world, now, boots } = await begun([FOR_WINDOW, {}], { attach });
      await world.settle(60_000);
      expect((await now()).waitingFor).toBe('window');

      world.ports.rules = someRules();
      await world.tick();
      await world.settle();

      expect(boots()).toEqual([0, 1]);
      expect((await now()).phase).toBe('done');
      expect((await now()).instances[0]).toMatchObject({
        withheld: 'opted-out',
        attach: { kind: 'attached' },
        restart: { kind: 'none' },
      });
      expect((await now()).history.map(({ what }) => what)).toContain('not restarted');
    },
  );
});

test('a restart that is withheld stays so when the instance has come up', async ({ expect }) => {
  const world = aWorld([{ status: 'Pending', tags: { 'latchkey:restart': 'never' } }]);
  const { rolloutId } = rolloutIn(await world.ask());
  world.ecs.change('i-a', { status: 'Running' });
  await world.settle();

  expect((await world.rollout(rolloutId)).instances[0]).toMatchObject({
    withheld: 'opted-out',
    attach: { kind: 'attached' },
    restart: { kind: 'none' },
  });
  expect(world.ecs.look('i-a').boots).toBe(0);
});

import { describe, test } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import type { RevokedKeyPair } from '../../../../shared/domain/model/policy.ts';
import type { Ecs } from '../../../../shared/domain/model/ports.ts';
import { refusalOf } from '../../../../shared/domain/workflow/control.ts';
import type { RolloutRequest } from '../../../../shared/domain/model/request.ts';
import { tell } from '../../../../shared/domain/rollouts/carry-out-command.ts';
import { undo } from '../../../../shared/domain/rollouts/undo.ts';
import { anOrigin, someRules } from '../../../models/builders.ts';
import { withMethods } from '../../../support/with-methods.ts';
import { aWorld, type Interceptors, rolloutIn } from '../../../models/world.ts';

const LEAKED: RevokedKeyPair = { name: 'ops', fingerprint: null, reason: 'it leaked' };
const CAUSE = 'key pair ops is revoked: it leaked';

async function begun(count: number, over: Partial<RolloutRequest>, faults: Interceptors = {}) {
  const ids = Array.from({ length: count }, (_, n) => `i-${n}`);
  const world = aWorld(
    ids.map((instanceId) => ({ instanceId })),
    faults,
  );
  const { rolloutId } = rolloutIn(await world.ask(over));
  return {
    world,
    rolloutId,
    now: () => world.rollout(rolloutId),
    boots: () => ids.map((id) => world.ecs.look(id).boots),
    bound: () => ids.map((id) => world.ecs.look(id).keyPairName),
    /** A policy is deployed that revokes them. */
    revoke(...revoked: readonly RevokedKeyPair[]) {
      world.ports.rules = someRules({ revoked });
    },
  };
}

const SLOWLY = { maxUnavailable: '1', bakeSeconds: 60 } as const;

describe('a key pair that is revoked while a rollout is under way', () => {
  test('is attached nowhere else, and restarts nothing more', async ({ expect }) => {
    const { world, now, boots, bound, revoke } = await begun(3, { ...SLOWLY, attach: 'wave' });
    await world.settle(30_000);
    expect(boots()).toEqual([1, 0, 0]);
    revoke(LEAKED);
    await world.settle();

    expect(boots()).toEqual([1, 0, 0]);
    expect(bound()).toEqual(['ops', null, null]);
    const { control, phase, instances, history } = await now();
    expect(control).toMatchObject({ kind: 'aborted', cause: CAUSE, by: '' });
    expect(phase).toBe('done');
    expect(instances[1]!.attach).toMatchObject({ kind: 'skipped', reason: 'aborted' });
    expect(history.filter(({ what }) => what === 'aborted')).toMatchObject([
      { detail: CAUSE, by: '' },
    ]);
  });

  test('leaves what is bound already, but does not make it work', async ({ expect }) => {
    const { world, now, boots, bound, revoke } = await begun(3, SLOWLY);
    revoke(LEAKED);
    await world.settle();

    expect(boots()).toEqual([0, 0, 0]);
    expect(bound()).toEqual(['ops', 'ops', 'ops']);
    expect((await now()).instances[0]!.restart).toMatchObject({ kind: 'dropped', why: 'aborted' });
  });

  test('lets what runs finish', async ({ expect }) => {
    const { world, now, revoke } = await begun(2, SLOWLY);
    await world.settle(1_000);
    revoke(LEAKED);
    await world.settle();

    expect((await now()).instances.map(({ restart }) => restart.kind)).toEqual([
      'ready',
      'dropped',
    ]);
  });

  test('is meant by its name and fingerprint, where the policy says which', async ({ expect }) => {
    const { world, now, boots, revoke } = await begun(2, SLOWLY);
    revoke({ ...LEAKED, fingerprint: 'another' }, { ...LEAKED, name: 'old' });
    await world.settle();

    expect(boots()).toEqual([1, 1]);
    expect((await now()).control.kind).toBe('going');
    const other = await begun(2, SLOWLY);
    other.revoke({ ...LEAKED, fingerprint: 'fp-ops' });
    await other.world.settle();
    expect(other.boots()).toEqual([0, 0]);
  });

  test('changes nothing where nothing is left to be done', async ({ expect }) => {
    const { world, now, revoke } = await begun(1, SLOWLY);
    await world.settle();
    const before = await now();
    revoke(LEAKED);
    await world.tick();
    await world.wake(before.rolloutId);

    expect(await now()).toBe(before);
  });

  test('is told once, however often it is looked at', async ({ expect }) => {
    const { world, rolloutId, now, revoke } = await begun(2, SLOWLY);
    revoke(LEAKED);
    for (let i = 0; i < 5; i += 1) await world.wake(rolloutId);

    expect((await now()).history.filter(({ what }) => what === 'aborted')).toHaveLength(1);
  });

  test('ends what waits for an approval, and approving does not help', async ({ expect }) => {
    const { world, rolloutId, now, bound, revoke } = await begun(2, { approveWithinSeconds: 900 });
    const { planDigest } = await now();
    revoke(LEAKED);
    const invocation = { deadlineMs: world.now() + 58_000, ownerUntilMs: world.now() + 90_000 };
    const approver = { person: 'lin', place: null };
    const approve = { kind: 'approve', planDigest, approver } as const;
    const after = await tell(rolloutId, approve, 'lin', world.ports, invocation);

    expect(after).toMatchObject({
      control: { kind: 'aborted', cause: CAUSE },
      approval: { state: 'denied', by: '' },
    });
    expect(refusalOf(after, approve)).toBe('it was denied');
    await world.settle();
    expect(bound()).toEqual([null, null]);
    expect((await now()).phase).toBe('done');
  });

  test('is not tried again', async ({ expect }) => {
    const refused = new LatchkeyError('refused', 'Cannot reboot: no');
    const failing = (ecs: Ecs): Ecs =>
      withMethods(ecs, {
        rebootInstances: async () => {
          throw refused;
        },
      });
    const { world, rolloutId, now, revoke } = await begun(1, {}, { ecs: failing });
    await world.settle();
    expect(await now()).toMatchObject({ phase: 'done' });
    revoke(LEAKED);
    const invocation = { deadlineMs: world.now() + 58_000, ownerUntilMs: world.now() + 90_000 };
    const retry = { kind: 'resolve', as: 'retry', instanceIds: ['i-0'] } as const;
    await tell(rolloutId, retry, 'lin', world.ports, invocation);
    await world.settle();
    // Places that were made for what came to nothing are dropped later.
    world.pass(600_000);
    await world.tick();

    expect((await now()).instances[0]!.restart).toMatchObject({ kind: 'dropped', attempt: 1 });
    expect((await now()).control).toMatchObject({ kind: 'aborted', cause: CAUSE });
    expect((await now()).phase).toBe('done');
  });

  test('is not attached by what was throttled, nor by what was lost', async ({ expect }) => {
    const errors = ['throttled', 'unreachable', 'timeout'] as const;
    for (const code of errors) {
      let isDown = true;
      const failing = (ecs: Ecs): Ecs =>
        withMethods(ecs, {
          attachKeyPair: async (name: string, ids: readonly string[]) => {
            if (isDown) throw new LatchkeyError(code, `Cannot attach: ${code}`);
            return ecs.attachKeyPair(name, ids);
          },
        });
      const { world, now, bound, revoke } = await begun(2, {}, { ecs: failing });
      isDown = false;
      revoke(LEAKED);
      await world.settle();

      expect(bound(), code).toEqual([null, null]);
      expect((await now()).phase, code).toBe('done');
      expect((await now()).instances[0]!.attach, code).toMatchObject({ reason: 'aborted' });
    }
  });
});

test('an undo that was to bind a key pair again that is revoked meanwhile ends', async ({
  expect,
}) => {
  const world = aWorld([
    { instanceId: 'i-0', keyPairName: 'old' },
    { instanceId: 'i-1', keyPairName: 'older' },
  ]);
  const { rolloutId } = rolloutIn(await world.ask());
  await world.settle();
  const invocation = { deadlineMs: world.now() + 58_000, ownerUntilMs: world.now() + 150_000 };
  const origin = anOrigin({ idempotencyKey: 'undo_1' });
  // Attached just before its restart, so that there is something left to bind.
  const all = await world.rollout(rolloutId);
  await world.rollouts.save(all, {
    ...all,
    version: all.version + 1,
    request: { ...all.request, ...SLOWLY, attach: 'wave' },
  });
  const options = { dryRun: false, breakGlass: null, client: null };
  const undone = rolloutIn(await undo(rolloutId, origin, options, world.ports, invocation));
  await world.settle(1_000);
  const boundNow = () => ['i-0', 'i-1'].map((id) => world.ecs.look(id).keyPairName);
  const before = boundNow();
  expect(before).toContain('ops');
  const left = before[0] === 'ops' ? 'old' : 'older';
  world.ports.rules = someRules({ revoked: [{ ...LEAKED, name: left }] });
  await world.settle();

  expect(boundNow()).toEqual(before);
  expect((await world.rollout(undone.rolloutId)).control).toMatchObject({
    kind: 'aborted',
    cause: `key pair ${left} is revoked: it leaked`,
  });
});

import { describe, test } from 'vitest';
import { undo } from '../../../shared/domain/undo.ts';
import { anOrigin } from '../../support/builders.ts';
import { aWorld, rolloutIn } from '../../support/world.ts';

async function undoable(over: Parameters<ReturnType<typeof aWorld>['ask']>[0] = {}) {
  const world = aWorld([
    { instanceId: 'i-old', keyPairName: 'old' },
    { instanceId: 'i-older', keyPairName: 'older' },
    { instanceId: 'i-none' },
    { instanceId: 'i-stopped', keyPairName: 'old', status: 'Stopped' },
  ]);
  const { rolloutId } = rolloutIn(await world.ask(over));
  const back = (options: { dryRun?: boolean; allowDetach?: boolean } = {}, key = 'undo_1') =>
    undo(
      rolloutId,
      anOrigin({ idempotencyKey: key }),
      { dryRun: false, allowDetach: false, ...options },
      world.ports,
      { deadlineMs: world.now() + 58_000, ownerUntilMs: world.now() + 90_000 },
    );
  return { world, rolloutId, back };
}

describe('an undo', () => {
  test('binds to each instance what was bound before, and restarts what was restarted', async ({
    expect,
  }) => {
    const { world, rolloutId, back } = await undoable();
    await world.settle();
    const undone = rolloutIn(await back());
    await world.settle();

    expect(world.ecs.look('i-old')).toMatchObject({ effectiveKeyPairName: 'old', boots: 2 });
    expect(world.ecs.look('i-older')).toMatchObject({ effectiveKeyPairName: 'older', boots: 2 });
    expect(world.ecs.look('i-stopped')).toMatchObject({ keyPairName: 'old', boots: 0 });
    const after = await world.rollout(undone.rolloutId);
    expect(after).toMatchObject({ phase: 'done', request: { undoes: rolloutId } });
    expect(after.instances.map(({ restart }) => restart.kind)).toEqual([
      'ready',
      'ready',
      'none',
      'none',
    ]);
  });

  test('leaves alone what had none, unless the policy lets it be detached', async ({ expect }) => {
    const { world, back } = await undoable();
    await world.settle();
    const undone = rolloutIn(await back());
    expect(undone.instances[2]!.attach).toMatchObject({ kind: 'skipped', reason: 'not-undoable' });
    await world.settle();
    expect(world.ecs.look('i-none').keyPairName).toBe('ops');
  });

  test('detaches what had none, where the policy allows it', async ({ expect }) => {
    const { world, back } = await undoable();
    await world.settle();
    await back({ allowDetach: true });
    await world.settle();
    expect(world.ecs.look('i-none')).toMatchObject({
      keyPairName: null,
      effectiveKeyPairName: null,
      boots: 2,
    });
  });

  test('leaves alone what somebody changed since', async ({ expect }) => {
    const { world, back } = await undoable();
    await world.settle();
    world.ecs.change('i-old', { keyPairName: 'theirs' });
    const undone = rolloutIn(await back());
    expect(undone.instances[0]!.attach).toMatchObject({
      reason: 'changed',
      detail: 'bound to theirs since',
    });
    await world.settle();
    expect(world.ecs.look('i-old').keyPairName).toBe('theirs');
  });

  test('of what was never restarted restarts nothing', async ({ expect }) => {
    const { world, back } = await undoable({ restart: 'never' });
    await back();
    await world.settle();
    expect(world.ecs.look('i-old')).toMatchObject({ keyPairName: 'old', boots: 0 });
    expect(world.ecs.calls['RebootInstances']).toBeUndefined();
  });

  test('is refused before the rollout is over, and for one that does not exist', async ({
    expect,
  }) => {
    const { world, back } = await undoable();
    await expect(back()).rejects.toMatchObject({ code: 'conflict' });
    const nobody = undo(
      'ro-none',
      anOrigin({ idempotencyKey: 'undo_2' }),
      { dryRun: false, allowDetach: false },
      world.ports,
      { deadlineMs: world.now() + 58_000, ownerUntilMs: world.now() + 90_000 },
    );
    await expect(nobody).rejects.toMatchObject({ code: 'not-found' });
  });

  test('shows its plan first, if asked to, and twice asked is one', async ({ expect }) => {
    const { world, back } = await undoable();
    await world.settle();
    expect(await back({ dryRun: true })).toMatchObject({ kind: 'dry-run' });
    expect(world.ecs.look('i-old').keyPairName).toBe('ops');
    const first = rolloutIn(await back());
    expect(await back()).toMatchObject({ repeated: true, rollout: { rolloutId: first.rolloutId } });
  });
});

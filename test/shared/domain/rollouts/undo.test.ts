import { describe, test } from 'vitest';
import type { RevokedKeyPair } from '../../../../shared/domain/model/policy.ts';
import { undo, type UndoOptions } from '../../../../shared/domain/rollouts/undo.ts';
import { aClient, aLaunch, anApprovalRule, anOrigin } from '../../../models/builders.ts';
import { aWorld, type Interceptors, KEY_PAIR, rolloutIn } from '../../../models/world.ts';

async function undoable(
  over: Parameters<ReturnType<typeof aWorld>['ask']>[0] = {},
  interceptors: Interceptors = {},
) {
  const world = aWorld(
    [
      { instanceId: 'i-old', keyPairName: 'old' },
      { instanceId: 'i-older', keyPairName: 'older' },
      { instanceId: 'i-none' },
      { instanceId: 'i-stopped', keyPairName: 'old', status: 'Stopped' },
    ],
    interceptors,
  );
  const { rolloutId } = rolloutIn(await world.ask(over));
  const back = (options: Partial<UndoOptions> = {}, key = 'undo_1') =>
    undo(
      rolloutId,
      anOrigin({ idempotencyKey: key }),
      { dryRun: false, breakGlass: null, client: null, ...options },
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
    const { world, back } = await undoable({}, { policy: { allowDetach: true } });
    await world.settle();
    await back();
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
      { dryRun: false, breakGlass: null, client: null },
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

describe('an undo, as a new request', () => {
  test('is refused for what the client may not ask for, and points at the rollout', async ({
    expect,
  }) => {
    const { world, back } = await undoable();
    await world.settle();
    const calls = { ...world.ecs.calls };
    const client = aClient({
      restart: ['never'],
      maxInstances: 3,
      keyPairs: [],
      breakGlass: false,
    });
    const asked = back({ client, breakGlass: 'all down' });
    await expect(asked).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(
        /^Cannot undo rollout "ro-.*": the policy does not permit it$/,
      ),
      details: {
        faults: [
          { path: ['rolloutId'], detail: 'client "ci" may not take key pair "ops" away' },
          { path: ['rolloutId'], detail: 'client "ci" may not ask for "restart": "auto"' },
          {
            path: ['rolloutId'],
            detail: 'client "ci" may not ask for 4 instances: the limit is 3',
          },
          { path: ['breakGlass'], detail: 'client "ci" may not break the glass' },
        ],
      },
    });
    expect(world.ecs.calls).toEqual(calls);
    expect(world.rollouts.all()).toHaveLength(1);
  });

  test('is refused for an instance without the tags of the client', async ({ expect }) => {
    const { world, back } = await undoable();
    await world.settle();
    await expect(back({ client: aClient({ tags: { team: 'web' } }) })).rejects.toMatchObject({
      code: 'forbidden',
      details: { faults: Array.from({ length: 4 }, () => ({ path: ['rolloutId'] })) },
    });
  });

  test("binds no key pair that is revoked or not the client's", async ({ expect }) => {
    const revoked = { name: 'old', fingerprint: null, reason: 'leaked' };
    const { world, back } = await undoable({}, { policy: { revokedKeyPairs: [revoked] } });
    await world.settle();
    const client = aClient({ keyPairs: [KEY_PAIR] });
    const { instances } = rolloutIn(await back({ client }));
    const details = instances.map(({ attach }) => attach);
    expect(details).toMatchObject([
      { reason: 'not-undoable', detail: 'key pair old is revoked: leaked' },
      { reason: 'not-undoable', detail: 'client "ci" may not attach key pair older' },
      { reason: 'not-undoable' },
      { reason: 'not-undoable', detail: 'key pair old is revoked: leaked' },
    ]);
  });

  test('takes a key pair away that was revoked since, whatever the client may attach', async ({
    expect,
  }) => {
    const revokedKeyPairs: RevokedKeyPair[] = [];
    const { world, back } = await undoable({}, { policy: { revokedKeyPairs } });
    await world.settle();
    revokedKeyPairs.push({ ...KEY_PAIR, reason: 'leaked' });
    const keyPairs = ['old', 'older'].map((name) => ({ name, fingerprint: `fp-${name}` }));
    await back({ client: aClient({ keyPairs }) });
    await world.settle();
    expect(world.ecs.look('i-old')).toMatchObject({ effectiveKeyPairName: 'old' });
  });

  test('leaves to their owners what opted out since', async ({ expect }) => {
    const { world, back } = await undoable();
    await world.settle();
    world.ecs.change('i-old', { tags: { 'latchkey:attach': 'never' } });
    world.ecs.change('i-older', { tags: { 'latchkey:restart': 'never' } });
    const [old, older] = rolloutIn(await back()).instances;
    expect(old!.attach).toMatchObject({ reason: 'opted-out', detail: 'latchkey:attach=never' });
    expect(older).toMatchObject({ optOut: 'never', withheld: 'opted-out' });
    await world.settle();
    expect(world.ecs.look('i-old').keyPairName).toBe('ops');
    expect(world.ecs.look('i-older')).toMatchObject({ keyPairName: 'older', boots: 1 });
  });

  test('waits for an approval where the client needs one, and breaks the glass', async ({
    expect,
  }) => {
    const approval = anApprovalRule();
    const { world, rolloutId, back } = await undoable();
    await world.settle();
    const waiting = rolloutIn(await back({ client: aClient({ approval }) }));
    expect(waiting).toMatchObject({
      approval: { state: 'waiting', why: 'client "ci" always needs one' },
    });
    await world.settle();
    const breakGlass = 'wrong key pair';
    const begun = rolloutIn(await back({ client: aClient({ approval }), breakGlass }, 'undo_2'));
    expect(begun).toMatchObject({ approval: null, request: { undoes: rolloutId, breakGlass } });
    await world.settle();
    expect(world.ecs.look('i-old').keyPairName).toBe('old');
  });

  test('is one rollout more, and no more than the client may have', async ({ expect }) => {
    const { world, back } = await undoable();
    await world.settle();
    const client = aClient({ maxOpenRollouts: 1 });
    await world.ask({ instanceIds: ['i-none'], keyPairName: 'older' }, 'msg_2', client);
    await expect(back({ client })).rejects.toMatchObject({ code: 'throttled' });
  });

  test('of a launch is judged by no launch rule any more', async ({ expect }) => {
    const { world, back } = await undoable({
      launch: aLaunch({ replace: true, restartYoungerThanSeconds: 86_400 }),
    });
    await world.settle();
    expect(rolloutIn(await back()).request).toMatchObject({ launch: null, selector: null });
  });
});

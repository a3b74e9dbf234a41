import fc from 'fast-check';
import { test } from 'vitest';
import { planAgain } from '../../../../shared/domain/rollouts/plan-again.ts';
import { digestOf, summaryOf } from '../../../../shared/domain/plan/plan.ts';
import type { Snapshot } from '../../../../shared/domain/model/instance.ts';
import { aClient, sha256 } from '../../../models/builders.ts';
import { aWorld } from '../../../models/world.ts';

const CI = aClient();

/** Every state and tag that makes a plan do something else. */
const snapshot: fc.Arbitrary<Partial<Snapshot>> = fc.record({
  status: fc.constantFrom('Running', 'Stopped', 'Pending', 'Starting', 'Stopping'),
  osType: fc.constantFrom('linux', 'linux', 'windows'),
  keyPairName: fc.constantFrom(null, 'ops', 'old'),
  locks: fc.constantFrom([], [], ['security']),
  tags: fc.constantFrom(
    {},
    { 'latchkey:restart': 'approve' },
    { 'latchkey:restart': 'window' },
    { 'latchkey:restart': 'never' },
    { 'latchkey:attach': 'never' },
    { service: 'web' },
  ),
});
const fleet = fc
  .array(snapshot, { minLength: 1, maxLength: 6 })
  .map((all) => all.map((one, n) => ({ ...one, instanceId: `i-${n}` })));
const options = fc.record({
  restart: fc.constantFrom('auto' as const, 'never' as const),
  attach: fc.constantFrom('now' as const, 'wave' as const),
  startStopped: fc.boolean(),
  restartAlreadyAttached: fc.boolean(),
  groupBy: fc.constantFrom(null, 'service'),
  approveWithinSeconds: fc.constantFrom(60, 600),
});

/** One that waits for its approval; undefined when it does nothing, and needs none. */
async function waiting(snapshots: Parameters<typeof aWorld>[0], over: object) {
  const world = aWorld(snapshots, { policy: { clients: [CI] } });
  await world.ask(over, 'msg_1', CI);
  const [rollout] = world.rollouts.all();
  return rollout?.approval?.state === 'waiting' ? { world, rollout } : undefined;
}

test('a rollout that waits for its approval says itself what was planned', async ({ expect }) => {
  await fc.assert(
    fc.asyncProperty(fleet, options, async (snapshots, over) => {
      const begun = await waiting(snapshots, over);
      if (begun === undefined) return;
      const { request, keyPair, instances, planDigest } = begun.rollout;
      expect(digestOf(summaryOf(request, keyPair, instances), sha256)).toBe(planDigest);
    }),
    { numRuns: 300 },
  );
});

test('planned again it is the same plan, if and only if nothing is different', async ({
  expect,
}) => {
  await fc.assert(
    fc.asyncProperty(fleet, options, snapshot, async (snapshots, over, change) => {
      const begun = await waiting(snapshots, over);
      if (begun === undefined) return;
      const { world, rollout } = begun;
      world.pass(30_000);
      const again = () => planAgain(rollout, world.ports, { ownerUntilMs: world.now() });
      expect(await again()).toBeUndefined();
      const { status, keyPairName, tags } = change;
      world.ecs.change('i-0', { status: status!, keyPairName: keyPairName!, tags: tags! });
      const changed = await again();
      // Another rollout of the same request would be planned in the same way.
      await world.ask({ ...over, dryRun: true }, 'msg_2', CI).then((answer) => {
        if (answer.kind !== 'dry-run') throw new TypeError('Cannot take this for a plan');
        expect(changed?.planDigest ?? rollout.planDigest).toBe(answer.plan.digest);
        expect(changed === undefined).toBe(answer.plan.digest === rollout.planDigest);
        if (changed !== undefined) expect(changed.why).not.toBe('');
      });
    }),
    { numRuns: 300 },
  );
});

import { LatchkeyError } from '../model/errors.ts';
import type { InstanceId, KeyPair, Snapshot } from '../model/instance.ts';
import type { Plan } from '../model/plan.ts';
import type { ClientRule } from '../model/policy.ts';
import type { Ecs } from '../model/ports.ts';
import type { Origin, RolloutRequest } from '../model/request.ts';
import type { ApprovalFacts, Rollout } from '../model/rollout.ts';
import { planDifference } from '../plan/plan-difference.ts';
import { nounOf } from '../policy/people.ts';
import { approvalNeed, isTouched, planFaults } from '../policy/permission.ts';
import { refuse, verbOf } from '../policy/refuse.ts';
import type { Answer, AskPorts } from './ask-ports.ts';
import { carryOut, type Invocation } from './carry-out.ts';
import { newRollout } from '../workflow/new-rollout.ts';

/** A request with its plan. */
export interface Planned {
  readonly rolloutId: string;
  readonly request: RolloutRequest;
  readonly origin: Origin;
  readonly plan: Plan;
  readonly snapshots: ReadonlyMap<InstanceId, Snapshot>;
  readonly client: ClientRule | null;
}

/**
 * Continues with a plan: a dry run returns it; otherwise the rollout is created and begun.
 *
 * @throws {LatchkeyError} as `ask`
 */
export async function start(
  planned: Planned,
  ports: AskPorts,
  invocation: Invocation,
): Promise<Answer> {
  const { rolloutId, request, origin, plan, snapshots, client } = planned;
  refuse(verbOf(request), planFaults(client, request, plan, snapshots));
  const approval = approvalNeed(client, request, plan, snapshots);
  const { expectedPlanDigest: expected } = request;
  if (expected !== null && expected !== plan.digest) throw await planChanged(expected, plan, ports);
  if (request.dryRun) {
    await ports.plans.remember(plan.digest, plan.summary);
    return { kind: 'dry-run', request, plan, approval };
  }
  await checkOverload(origin, client, ports);
  const moment = { nowMs: ports.clock.nowMs(), ownerUntilMs: invocation.ownerUntilMs };
  const { channels } = ports.rules;
  const asked = approval && {
    ...approval,
    facts: await approvalFacts(plan, snapshots, ports.ecs),
  };
  const made = { rolloutId, request, origin, plan, channels, approval: asked };
  const rollout = newRollout(made, moment);
  if ((await ports.rollouts.create(rollout)) === 'exists') {
    const earlier = await ports.rollouts.load(rolloutId);
    if (earlier !== undefined) return repeated(earlier, origin);
    throw new LatchkeyError('unavailable', `Cannot load rollout "${rolloutId}": it was there`);
  }
  const begun = await carryOut(rollout, { kind: 'begin' }, ports, invocation);
  return { kind: 'rollout', rollout: begun ?? rollout, repeated: false };
}

/** The error, with the difference while the expected plan is still kept. */
async function planChanged(
  expectedDigest: string,
  { digest, summary }: Plan,
  { plans }: AskPorts,
): Promise<LatchkeyError> {
  const expected = await plans.recall(expectedDigest);
  const difference = expected === undefined ? null : planDifference(expected, summary);
  return new LatchkeyError(
    'plan-changed',
    `Cannot start: the plan is now "${digest}", not "${expectedDigest}"`,
    { extra: { planDigest: digest, difference } },
  );
}

/** When a client with too many open rollouts may try again: our own choice. */
const OVERLOAD_PAUSE_MS = 60_000;

/**
 * Requests at the same moment may exceed the limit together.
 *
 * @throws {LatchkeyError} `throttled` for a client at its limit of open rollouts
 */
async function checkOverload(
  origin: Origin,
  client: ClientRule | null,
  { rollouts, clock }: AskPorts,
): Promise<void> {
  if (client === null) return;
  const { maxOpenRollouts: most } = client;
  if ((await rollouts.countOpen(origin, most)) < most) return;
  throw new LatchkeyError(
    'throttled',
    `Cannot begin another rollout of ${nounOf(client)}: the limit is ${most} open rollouts`,
    { retryAtMs: clock.nowMs() + OVERLOAD_PAUSE_MS },
  );
}

/** @throws {LatchkeyError} `conflict` when it was another request */
export function repeated(earlier: Rollout, origin: Origin): Answer {
  if (earlier.origin.bodyDigest !== origin.bodyDigest) {
    throw new LatchkeyError(
      'conflict',
      `Cannot accept "${origin.idempotencyKey}": another request came in under this id`,
    );
  }
  return { kind: 'rollout', rollout: earlier, repeated: true };
}

/** The most key pairs that an approver is shown: our own choice. */
const MAX_REPLACED = 10;

/**
 * What an approver must know and the plan does not contain.
 *
 * @throws {LatchkeyError} what `Ecs` throws
 */
export async function approvalFacts(
  { instances }: Pick<Plan, 'instances'>,
  snapshots: ReadonlyMap<InstanceId, Snapshot>,
  ecs: Pick<Ecs, 'findKeyPair'>,
): Promise<ApprovalFacts> {
  const touched = instances.filter(isTouched);
  const stopped = touched.filter(
    ({ instanceId }) => snapshots.get(instanceId)?.status === 'Stopped',
  );
  const counts = new Map<string, number>();
  for (const { attach, previousKeyPairName: name } of touched) {
    if (attach.kind === 'skipped' || name === null) continue;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts]
    .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, MAX_REPLACED)
    .map(([name]) => name);
  const replaces = await Promise.all(
    names.map(async (name): Promise<KeyPair> => {
      return (await ecs.findKeyPair(name)) ?? { name, fingerprint: '' };
    }),
  );
  return { stopped: stopped.length, replaces };
}

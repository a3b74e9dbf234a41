import type { AskPorts } from './ask-ports.ts';
import type { Invocation } from './carry-out.ts';
import { type ErrorCode, LatchkeyError } from '../model/errors.ts';
import { differenceInWords } from '../plan/difference-words.ts';
import { ruleOfAsker } from '../policy/people.ts';
import { planFaults } from '../policy/permission.ts';
import { planAsked, type PlanMade } from './plan-asked.ts';
import { type PlanDifference, planDifference } from '../plan/plan-difference.ts';
import { planUndone } from './plan-undone.ts';
import { summaryOf } from '../plan/plan.ts';
import type { ClientRule, Policy } from '../model/policy.ts';
import type { Rollout } from '../model/rollout.ts';
import { refuse, verbOf } from '../policy/refuse.ts';
import { undoable } from './undo.ts';

export type PlanAgainPorts = AskPorts & { readonly policy: Pick<Policy, 'clients' | 'people'> };

/** Why what would be done now is not what was planned. */
export interface PlanChange {
  /** For people, in a line. */
  readonly why: string;
  /** null: there would be no plan at all. */
  readonly planDigest: string | null;
  readonly difference: PlanDifference | null;
}

/** What makes a plan impossible for good, and is no trouble of the moment. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'forbidden',
  'not-valid',
  'not-found',
  'conflict',
]);

/**
 * Plans once more what a rollout that has not begun was asked for: by its selector, from the instances as
 * they are now, and under the policy of now.
 *
 * @returns undefined when the very same would be done
 * @throws {LatchkeyError} what the ports throw: then nobody knows
 */
export async function planAgain(
  rollout: Rollout,
  ports: PlanAgainPorts,
  invocation: Pick<Invocation, 'ownerUntilMs'>,
): Promise<PlanChange | undefined> {
  const { origin, planDigest } = rollout;
  const rule = ruleOfAsker(origin, ports.policy);
  if (rule === undefined) return noPlan(`the policy does not know "${origin.client}" any more`);
  try {
    const { plan, request, snapshots } = await planOf(rollout, rule, ports, invocation);
    refuse(verbOf(request), planFaults(rule, request, plan, snapshots));
    if (plan.digest === planDigest) return undefined;
    const difference = planDifference(summaryOfIts(rollout), plan.summary);
    return { why: differenceInWords(difference), planDigest: plan.digest, difference };
  } catch (error) {
    if (!(error instanceof LatchkeyError) || !REFUSALS.has(error.code)) throw error;
    return noPlan([error.message, ...(error.details.faults ?? []).map(({ detail }) => detail)]);
  }
}

async function planOf(
  { request, origin }: Rollout,
  client: ClientRule | null,
  ports: PlanAgainPorts,
  invocation: Pick<Invocation, 'ownerUntilMs'>,
): Promise<PlanMade> {
  const { undoes } = request;
  if (undoes === null) return planAsked({ request, origin, client }, ports, invocation);
  const undone = undoable(undoes, await ports.rollouts.load(undoes));
  return planUndone(undone, { request, origin, client }, ports, invocation);
}

/** As long as it has not begun, the rollout says itself what was planned. */
function summaryOfIts({ request, keyPair, instances }: Rollout) {
  return summaryOf(request, keyPair, instances);
}

function noPlan(why: string | readonly string[]): PlanChange {
  const [first = '', ...others] = typeof why === 'string' ? [why] : why;
  const more = others.length === 0 ? '' : `: ${others.slice(0, MAX_FAULTS).join('; ')}`;
  return { why: `${first}${more}`, planDigest: null, difference: null };
}

/** Faults that are told: our own choice, there may be one for each instance. */
const MAX_FAULTS = 3;

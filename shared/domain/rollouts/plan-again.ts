import type { AskPorts } from './ask-ports.ts';
import type { Invocation } from './carry-out.ts';
import { type ErrorCode, LatchkeyError } from '../model/errors.ts';
import { differenceInWords, type PlanDifference, planDifference } from '../plan/plan-difference.ts';
import { ruleOfAsker } from '../policy/people.ts';
import { planFaults } from '../policy/permission.ts';
import { planAsked, type PlanMade, planUndone } from './plan-asked.ts';
import { summaryOf } from '../plan/plan.ts';
import type { ClientRule, Policy } from '../model/policy.ts';
import type { Rollout } from '../model/rollout.ts';
import { refuse, verbOf } from '../policy/refuse.ts';
import { undoable } from './undo.ts';

export type PlanAgainPorts = AskPorts & { readonly policy: Pick<Policy, 'clients' | 'people'> };

/** Why the plan of now is not the plan that was shown. */
export interface PlanChange {
  /** For people, in one line. */
  readonly why: string;
  /** null: there is no plan any more. */
  readonly planDigest: string | null;
  readonly difference: PlanDifference | null;
}

/** Errors that make the plan impossible for good. Others may pass. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'forbidden',
  'not-valid',
  'not-found',
  'conflict',
]);

/**
 * Plans a rollout that has not begun again: its selector, the instances and the policy as they are now.
 *
 * @returns undefined when the plan is the same
 * @throws {LatchkeyError} what the ports throw: then the plan is not known
 */
export async function planAgain(
  rollout: Rollout,
  ports: PlanAgainPorts,
  invocation: Pick<Invocation, 'ownerUntilMs'>,
): Promise<PlanChange | undefined> {
  const { origin, planDigest } = rollout;
  const rule = ruleOfAsker(origin, ports.policy);
  if (rule === undefined) return noPlan(`the policy no longer knows "${origin.client}"`);
  try {
    const { plan, request, snapshots } = await planOf(rollout, rule, ports, invocation);
    refuse(verbOf(request), planFaults(rule, request, plan, snapshots));
    if (plan.digest === planDigest) return undefined;
    // A rollout that has not begun still holds its plan.
    const shown = summaryOf(rollout.request, rollout.keyPair, rollout.instances);
    const difference = planDifference(shown, plan.summary);
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

function noPlan(why: string | readonly string[]): PlanChange {
  const [first = '', ...others] = typeof why === 'string' ? [why] : why;
  const more = others.length === 0 ? '' : `: ${others.slice(0, MAX_FAULTS).join('; ')}`;
  return { why: `${first}${more}`, planDigest: null, difference: null };
}

/** The most faults that are named: our own choice, because there may be one for each instance. */
const MAX_FAULTS = 3;

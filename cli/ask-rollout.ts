import type { Api } from './api/client.ts';
import { asItCame, PlanView, read, RolloutView } from './api/views.ts';
import { confirm } from './confirm.ts';
import { type Io, printLines } from './io.ts';
import { printJson } from './show/json.ts';
import { paintFor } from './show/paint.ts';
import { doesSomething, showPlan, takesBack } from './show/plan.ts';
import { count } from './show/text.ts';

export interface AskOptions {
  readonly yes: boolean;
  readonly json: boolean;
  /** Every instance of the plan, however many. */
  readonly all: boolean;
  readonly id: string;
}

/** What is asked for, without what makes it a dry run or binds it to a plan. */
export interface PlannableRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether the service can be told which plan was seen. */
  readonly takesDigest: boolean;
}

/** @returns the plan as the service made it */
export async function planOf(wish: PlannableRequest, api: Api, io: Pick<Io, 'newId'>): Promise<PlanView> {
  const answer = await api.post(wish.path, { ...wish.body, dryRun: true }, io.newId());
  return read(PlanView, answer, 'the plan');
}

/**
 * Shows the plan, lets a person say no, and asks for exactly this plan.
 *
 * @returns `rollout`: undefined when the plan is to do nothing: then nothing was asked for. `plan` is what was
 * shown
 */
export async function askRollout(
  wish: PlannableRequest,
  options: AskOptions,
  api: Api,
  io: Io,
): Promise<{ readonly plan: PlanView; readonly rollout: RolloutView | undefined }> {
  const { yes, json, all, id } = options;
  const plan = await planOf(wish, api, io);
  const isWork = doesSomething(plan);
  if (!json) {
    const paint = paintFor(io.out, io);
    printLines(io.out, showPlan(plan, { paint, all: all || !io.out.isTerminal }));
  }
  if (!isWork) {
    if (json) printJson(io.out, asItCame(plan));
    else printLines(io.out, ['nothing to do']);
    return { plan, rollout: undefined };
  }
  await confirm(questionOf(plan), { yes, json }, io);
  const expected = wish.takesDigest ? { expectedPlanDigest: plan.planDigest } : {};
  const answer = await api.post(wish.path, { ...wish.body, ...expected }, id);
  return { plan, rollout: read(RolloutView, answer, 'the rollout') };
}

function questionOf({ results, keyPair: { name } }: PlanView): string {
  const what = takesBack({ results }) ? 'what was bound before' : name;
  const bound = results.filter(({ kind }) => kind !== 'skipped').length;
  const restarted = results.filter(({ next }) => next !== 'none').length;
  const parts = [
    bound === 0 ? '' : `bind ${what} to ${count(bound, 'instance')}`,
    restarted === 0 ? '' : `restart ${count(restarted, 'instance')}`,
  ];
  const text = parts.filter((part) => part !== '').join(' and ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}?`;
}

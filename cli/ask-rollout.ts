import { type Api, postRollout } from './api/client.ts';
import { asItCame, PlanView, read, type RolloutView } from './api/views.ts';
import { confirm } from './confirm.ts';
import type { Flags } from './flags.ts';
import { type Io, printLines } from './io.ts';
import { printJson } from './show/json.ts';
import { changesSomething, isUndo, showPlan } from './show/plan.ts';
import { count, joined } from './show/text.ts';
import { viewOf } from './show/view.ts';

/** A request for a rollout, before it becomes a dry run or is bound to a plan. */
export interface PlannableRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether the service accepts the digest of the expected plan. */
  readonly takesDigest: boolean;
}

/** Asks the service for the plan of a request. Nothing is changed. */
export async function planOf(
  { path, body }: Pick<PlannableRequest, 'path' | 'body'>,
  api: Api,
  io: Pick<Io, 'newId'>,
): Promise<PlanView> {
  const answer = await api.post(path, { ...body, dryRun: true }, io.newId());
  return read(PlanView, answer, 'the plan');
}

/**
 * Shows the plan, asks for confirmation, and starts a rollout of exactly this plan.
 *
 * @returns `plan`: what was shown. `rollout`: undefined when the plan changes nothing, so that none was started
 */
export async function askRollout(
  request: PlannableRequest,
  options: Flags,
  api: Api,
  io: Io,
): Promise<{ readonly plan: PlanView; readonly rollout: RolloutView | undefined }> {
  const { json, all, id = io.newId() } = options;
  const plan = await planOf(request, api, io);
  const isWork = changesSomething(plan);
  if (!json) printLines(io.out, showPlan(plan, viewOf(io, all)));
  if (!isWork) {
    if (json) printJson(io.out, asItCame(plan));
    else printLines(io.out, ['nothing to do']);
    return { plan, rollout: undefined };
  }
  await confirm(questionOf(plan), options, io);
  const { path, body, takesDigest } = request;
  const expected = takesDigest ? { expectedPlanDigest: plan.planDigest } : {};
  return { plan, rollout: await postRollout(path, { ...body, ...expected }, id, api) };
}

function questionOf({ results, keyPair: { name } }: PlanView): string {
  const what = isUndo({ results }) ? 'the previous key pairs' : name;
  const bound = results.filter(({ kind }) => kind !== 'skipped').length;
  const restarted = results.filter(({ next }) => next !== 'none').length;
  const text = joined(
    ' and ',
    bound === 0 ? '' : `bind ${what} to ${count(bound, 'instance')}`,
    restarted === 0 ? '' : `restart ${count(restarted, 'instance')}`,
  );
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}?`;
}

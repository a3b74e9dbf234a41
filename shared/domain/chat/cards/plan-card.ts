import type { ApprovalNeed } from '../../policy/permission.ts';
import type { Plan } from '../../model/plan.ts';
import type { RolloutRequest } from '../../model/request.ts';
import type { Card } from '../../model/card.ts';
import { blastRadius, type Fact } from './blast-radius.ts';
import { nameOf } from './progress.ts';
import { factsBlock, plainCard, textBlock } from './shown.ts';
import { subjectOf } from './who.ts';
import { inOneLine, listed, MAX_NOTE, span, utc } from './words.ts';

/** What would happen, as of now: the answer to a dry run. */
export function planCard(
  {
    plan,
    request,
    approval,
  }: {
    readonly plan: Plan;
    readonly request: RolloutRequest;
    /** null: it would begin at once. */
    readonly approval: ApprovalNeed | null;
  },
  nowMs: number,
  { allowDetach = false }: { readonly allowDetach?: boolean } = {},
): Card {
  const { instances, keyPair, digest } = plan;
  const planned = { request, keyPair, instances };
  const need: Fact =
    approval === null
      ? ['Approval', 'none: it would begin at once']
      : [
          'Approval',
          `within ${span(approval.withinSeconds)}: ${inOneLine(approval.why, MAX_NOTE)}`,
        ];
  return plainCard(`Plan: ${subjectOf(request, instances.length)}`, 'neutral', [
    ...textBlock([
      `Nothing is done. As of ${utc(nowMs)}.`,
      `Instances: ${listed(instances.map(nameOf))}`,
    ]),
    ...factsBlock(blastRadius(planned, { facts: null, allowDetach })),
    ...factsBlock([need, ['Plan', digest]]),
  ]);
}

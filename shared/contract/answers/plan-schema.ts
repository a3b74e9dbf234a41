import * as v from 'valibot';
import {
  count,
  counts,
  InstanceId,
  KeyPair,
  OptedOut,
  pace,
  PlanDigest,
  SelectorAnswer,
  text,
} from './answer-parts.ts';
import { InstanceAnswer } from './instance-schema.ts';

export const PlanAnswer = v.strictObject({
  status: v.literal('dry-run'),
  planDigest: PlanDigest,
  keyPair: KeyPair,
  selector: v.optional(SelectorAnswer),
  approval: v.nullable(
    v.strictObject({
      why: text('Why one would be needed.'),
      withinSeconds: count('It would be denied after so long.'),
      needed: count('How many people would have to approve.'),
      isHighRisk: v.pipe(v.boolean(), v.description('No chat would be enough for it.')),
    }),
  ),
  ...pace,
  waves: v.pipe(v.array(v.array(InstanceId)), v.description('Who is restarted together.')),
  expectedSeconds: count('An estimate, from the beginning to the end.'),
  expectedSecondsIs: v.literal('estimate'),
  warnings: v.array(v.string()),
  optedOut: v.array(OptedOut),
  ...counts,
  results: v.array(InstanceAnswer),
});

import * as v from 'valibot';
import { HTTP_STATUS } from '../http-status.ts';
import { InstanceId, KeyPair, PlanDigest } from './answer-parts.ts';

const CODES = Object.keys(HTTP_STATUS) as (keyof typeof HTTP_STATUS)[];

const actions = v.pipe(v.array(v.string()), v.description('Action or reason, then restart.'));
const option = v.optional(v.nullable(v.union([v.string(), v.number(), v.boolean()])));

export const PlanDifference = v.strictObject({
  added: v.array(v.strictObject({ instanceId: InstanceId, index: v.number(), now: actions })),
  removed: v.array(v.strictObject({ instanceId: InstanceId, expected: actions })),
  changed: v.array(v.strictObject({ instanceId: InstanceId, expected: actions, now: actions })),
  keyPair: v.optional(v.strictObject({ expected: KeyPair, now: KeyPair })),
  options: v.optional(v.array(v.strictObject({ name: v.string(), expected: option, now: option }))),
  regionId: v.optional(v.strictObject({ expected: v.string(), now: v.string() })),
  order: v.optional(v.array(InstanceId)),
});

/** RFC 9457. */
export const ProblemAnswer = v.strictObject({
  type: v.pipe(v.string(), v.description('`urn:latchkey:` and the code.')),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  instance: v.pipe(v.string(), v.description("The request's id, for the log.")),
  code: v.picklist(CODES),
  vendorCode: v.optional(v.pipe(v.string(), v.description("Alibaba Cloud's own code."))),
  requestId: v.optional(v.pipe(v.string(), v.description("Alibaba Cloud's own request id."))),
  errors: v.optional(
    v.array(
      v.strictObject({
        pointer: v.pipe(
          v.string(),
          v.description('A JSON pointer into the body; in a query `/` and the name.'),
        ),
        detail: v.string(),
      }),
    ),
  ),
  planDigest: v.optional(PlanDigest),
  difference: v.optional(
    v.pipe(
      v.nullable(PlanDifference),
      v.description('null: the expected plan is not remembered, or there is none now.'),
    ),
  ),
});

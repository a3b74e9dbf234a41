import * as v from 'valibot';
import { InstanceId, KeyPair, PlanDigest } from './answers.ts';

/** What is wrong, by status: `code` and when it comes. The table of docs/http.md. */
export const PROBLEMS: Readonly<
  Record<number, { readonly codes: readonly string[]; readonly when: string }>
> = {
  400: { codes: ['bad-request'], when: 'Not UTF-8, not JSON, a key twice, or nested too deep.' },
  401: {
    codes: ['unsigned'],
    when: 'Not signed by a known secret within five minutes. A stranger gets this whatever is wrong.',
  },
  403: {
    codes: ['forbidden'],
    when: 'The policy does not permit it to this client, or the approval would be for its own.',
  },
  404: { codes: ['not-found'], when: 'No such route or rollout.' },
  405: { codes: ['method-not-allowed'], when: 'Another method; `Allow` says which are served.' },
  409: {
    codes: ['conflict', 'plan-changed'],
    when: 'Another request came in under this `webhook-id`, the command does not apply now, or the plan is not the one that was expected, or approved: then `planDigest` is the plan of now and `difference` what changed.',
  },
  413: { codes: ['too-large'], when: 'More than 64 KB, as declared or as sent.' },
  415: { codes: ['unsupported-media-type'], when: 'Not `application/json`.' },
  422: { codes: ['not-valid'], when: 'Against a rule: `errors` names every field and its rule.' },
  429: {
    codes: ['throttled'],
    when: 'Too many unfinished rollouts of this client, or ECS throttles. Nothing was done.',
  },
  500: { codes: ['bug'], when: 'A fault of the service; `instance` finds it in the log.' },
  502: { codes: ['refused'], when: 'ECS refused before anything was done; `vendorCode` says why.' },
  503: {
    codes: ['unavailable', 'unreachable'],
    when: 'The cloud does not answer. Send the same request again under the same `webhook-id`.',
  },
  504: { codes: ['timeout'], when: 'No answer in time. Send the same request again.' },
};

const CODES = Object.values(PROBLEMS).flatMap(({ codes }) => codes);

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
export const Problem = v.strictObject({
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

import * as v from 'valibot';
import { CliError, EXIT } from '../exit.ts';

/** The fields of the answers (docs/http.md) that the command line reads. Other fields are kept for `--json`. */

const text = v.optional(v.nullable(v.string()));
const whole = v.number();

const RestartView = v.looseObject({
  kind: v.string(),
  how: v.optional(v.string(), ''),
  code: text,
  message: text,
  advice: text,
  reason: text,
  proof: text,
  why: text,
});

export const InstanceView = v.looseObject({
  instanceId: v.string(),
  name: v.optional(v.string(), ''),
  zoneId: v.optional(v.string(), ''),
  group: v.optional(v.string(), ''),
  keyPairName: text,
  kind: v.string(),
  reason: text,
  detail: text,
  effective: text,
  code: text,
  message: text,
  previousKeyPairName: text,
  next: v.optional(v.string(), 'none'),
  isScalingMember: v.optional(v.boolean(), false),
  optOut: v.optional(v.string(), ''),
  withheld: v.optional(v.string(), ''),
  wave: v.optional(whole, 0),
  restart: v.optional(RestartView),
});
export type InstanceView = v.InferOutput<typeof InstanceView>;

const counts = {
  totalCount: whole,
  attachedCount: whole,
  failCount: whole,
  skipCount: whole,
  unknownCount: whole,
  waitingCount: whole,
};

const KeyPairView = v.looseObject({ name: v.string(), fingerprint: v.string() });
const Wave = v.looseObject({ current: whole, of: whole });
const Budget = v.looseObject({
  limit: whole,
  unavailable: whole,
  failures: whole,
  haltAfter: whole,
});
const OptedOut = v.array(
  v.looseObject({
    instanceId: v.string(),
    tag: v.string(),
    value: v.string(),
    effect: v.string(),
  }),
);

const planFields = {
  planDigest: v.string(),
  keyPair: KeyPairView,
  wave: Wave,
  budget: Budget,
  warnings: v.array(v.string()),
  optedOut: OptedOut,
  ...counts,
  results: v.array(InstanceView),
};

export const PlanView = v.looseObject({
  ...planFields,
  status: v.literal('dry-run'),
  waves: v.array(v.array(v.string())),
  expectedSeconds: v.number(),
  approval: v.nullable(v.looseObject({ why: v.string(), withinSeconds: v.optional(v.number()) })),
});
export type PlanView = v.InferOutput<typeof PlanView>;

const Control = v.looseObject({
  kind: v.string(),
  cause: v.optional(v.string(), ''),
  by: v.optional(v.string(), ''),
  atMs: v.optional(v.number()),
});

const NextCall = v.looseObject({
  to: v.string(),
  path: v.string(),
  body: v.looseObject({ action: v.string() }),
});

const HistoryView = v.looseObject({
  atMs: whole,
  what: v.string(),
  count: whole,
  detail: v.optional(v.string(), ''),
  requestId: v.optional(v.string(), ''),
  by: v.optional(v.string(), ''),
});
export type HistoryView = v.InferOutput<typeof HistoryView>;

export const RolloutView = v.looseObject({
  ...planFields,
  rolloutId: v.string(),
  status: v.string(),
  createdAtMs: whole,
  note: v.string(),
  undoes: text,
  breakGlass: v.optional(v.looseObject({ reason: v.string(), by: v.string() })),
  control: Control,
  approval: v.nullable(
    v.looseObject({
      state: v.string(),
      untilMs: whole,
      by: v.optional(v.string(), ''),
      why: v.optional(v.string(), ''),
      needed: v.optional(whole, 1),
      given: v.optional(v.array(v.string()), []),
    }),
  ),
  restarting: v.array(v.string()),
  waitingFor: v.string(),
  waitingUntilMs: v.nullable(whole),
  boundOnly: v.array(v.string()),
  expectedEndMs: v.nullable(whole),
  nextCalls: v.array(NextCall),
  history: v.array(HistoryView),
});
export type RolloutView = v.InferOutput<typeof RolloutView>;

export const ListView = v.looseObject({
  rollouts: v.array(
    v.looseObject({
      rolloutId: v.string(),
      status: v.string(),
      createdAtMs: whole,
      keyPair: KeyPairView,
      note: v.string(),
      undoes: text,
      breakGlass: v.optional(v.looseObject({ reason: v.string(), by: v.string() })),
      ...counts,
    }),
  ),
  next: v.nullable(v.string()),
});
export type ListView = v.InferOutput<typeof ListView>;

export const StopView = v.looseObject({
  stop: v.nullable(v.looseObject({ by: v.string(), atMs: whole, reason: v.string() })),
  openRollouts: whole,
});
export type StopView = v.InferOutput<typeof StopView>;

/** The answer that each view was read from. */
const sources = new WeakMap<object, unknown>();

/** The unchanged answer that a view was read from, for `--json`. */
export function asItCame(view: object): unknown {
  return sources.get(view) ?? view;
}

/** @throws {CliError} `unreachable` when another service, or another version of Latchkey, answered */
export function read<S extends v.GenericSchema<unknown, object>>(
  schema: S,
  value: unknown,
  what: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) {
    sources.set(result.output, value);
    return result.output;
  }
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? 'the whole answer';
  throw new CliError(
    EXIT.unreachable,
    `Cannot read ${what}: "${where}" in the answer is missing or malformed`,
    { document: value },
  );
}

import * as v from 'valibot';
import { eachCondition } from '../../domain/model/selector.ts';

/**
 * The fields of a request that was read and checked before, as the row of its rollout and the order of a
 * chat hold them. Rows are kept for 90 days, and an order can come from an older `chat`: so a new field is
 * `v.optional(…, DEFAULTS.…)` here. Their order is the order in which they are written.
 */
export function storedFields<I extends v.GenericSchema, S extends v.GenericSchema>(
  text: v.GenericSchema<string>,
  number: v.GenericSchema<number>,
  { instanceIds, selector }: { readonly instanceIds: I; readonly selector: S },
) {
  return {
    regionId: text,
    keyPairName: text,
    instanceIds,
    selector: v.nullable(selector),
    restart: v.picklist(['auto', 'never']),
    startStopped: v.boolean(),
    restartAlreadyAttached: v.boolean(),
    attach: v.picklist(['now', 'wave']),
    maxUnavailable: text,
    ramp: v.picklist(['doubling', 'canary', 'none']),
    groupBy: v.nullable(text),
    haltAfterFailures: number,
    bakeSeconds: number,
    readyTimeoutSeconds: number,
    approveWithinSeconds: v.nullable(number),
    expectedPlanDigest: v.nullable(text),
    undoes: v.nullable(text),
    breakGlass: v.nullable(text),
    launch: v.nullable(
      v.object({
        replace: v.boolean(),
        restartScalingMembers: v.boolean(),
        restartYoungerThanSeconds: number,
      }),
    ),
    dryRun: v.boolean(),
    note: text,
  };
}

/** The conditions of such a selector. One that is missing did not exist yet: it selects anything. */
export function storedConditions(text: v.GenericSchema<string>) {
  return {
    tags: v.record(text, text),
    ...eachCondition(() => v.optional(v.nullable(text), null)),
  };
}

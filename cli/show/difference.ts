import * as v from 'valibot';
import { plain } from './text.ts';

const Actions = v.array(v.string());
const Value = v.optional(v.union([v.string(), v.number(), v.boolean(), v.null()]));
const KeyPair = v.object({ name: v.string(), fingerprint: v.string() });

/** `difference` of a `409 plan-changed` (docs/http.md). */
const PlanChanged = v.object({
  planDigest: v.string(),
  difference: v.nullable(
    v.object({
      added: v.array(v.object({ instanceId: v.string(), now: Actions })),
      removed: v.array(v.object({ instanceId: v.string() })),
      changed: v.array(v.object({ instanceId: v.string(), expected: Actions, now: Actions })),
      keyPair: v.optional(v.object({ expected: KeyPair, now: KeyPair })),
      options: v.optional(v.array(v.object({ name: v.string(), expected: Value, now: Value })), []),
      order: v.optional(v.array(v.string())),
    }),
  ),
});

/** Lines shown of each kind: our own choice. */
const MAX_SHOWN = 10;

/** How the current plan differs from the expected one. Empty for any other document. */
export function showDifference(document: unknown): string[] {
  const read = v.safeParse(PlanChanged, document);
  if (!read.success) return [];
  const { planDigest, difference } = read.output;
  const now = `  the plan now: ${plain(planDigest)}`;
  if (difference === null) return ['  the expected plan is no longer stored', now];
  const { added, removed, changed, keyPair, options, order } = difference;
  return [
    ...some(added, (one) => `+ ${one.instanceId}: ${one.now.join(', ')}`),
    ...some(removed, (one) => `- ${one.instanceId}`),
    ...some(
      changed,
      (one) => `~ ${one.instanceId}: ${one.expected.join(', ')}, now ${one.now.join(', ')}`,
    ),
    ...some(keyPair === undefined ? [] : [keyPair], (one) => {
      return `~ key pair: ${nameOf(one.expected)}, now ${nameOf(one.now)}`;
    }),
    ...some(
      options,
      (one) => `~ ${one.name}: ${one.expected ?? 'unset'}, now ${one.now ?? 'unset'}`,
    ),
    ...(order === undefined ? [] : ['  the order of the instances differs']),
    now,
  ];
}

function some<T>(all: readonly T[], lineOf: (one: T) => string): string[] {
  const lines = all.slice(0, MAX_SHOWN).map((one) => `  ${plain(lineOf(one))}`);
  const more = all.length - MAX_SHOWN;
  return more > 0 ? [...lines, `  … and ${more} more`] : lines;
}

function nameOf({ name, fingerprint }: v.InferOutput<typeof KeyPair>): string {
  return `${name} (${fingerprint})`;
}

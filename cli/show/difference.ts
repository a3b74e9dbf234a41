import * as v from 'valibot';
import { plain } from './text.ts';

const Actions = v.array(v.string());
const Value = v.optional(v.union([v.string(), v.number(), v.boolean(), v.null()]));

/** `difference` of a `409 plan-changed` (docs/http.md). */
const PlanChanged = v.looseObject({
  planDigest: v.string(),
  difference: v.nullable(
    v.looseObject({
      added: v.array(v.looseObject({ instanceId: v.string(), now: Actions })),
      removed: v.array(v.looseObject({ instanceId: v.string() })),
      changed: v.array(v.looseObject({ instanceId: v.string(), expected: Actions, now: Actions })),
      keyPair: v.optional(
        v.looseObject({
          expected: v.looseObject({ name: v.string(), fingerprint: v.string() }),
          now: v.looseObject({ name: v.string(), fingerprint: v.string() }),
        }),
      ),
      options: v.optional(
        v.array(v.looseObject({ name: v.string(), expected: Value, now: Value })),
        [],
      ),
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
    ...some(changed, (one) => {
      return `~ ${one.instanceId}: ${one.expected.join(', ')}, now ${one.now.join(', ')}`;
    }),
    ...(keyPair === undefined
      ? []
      : [`  ~ key pair: ${nameOf(keyPair.expected)}, now ${nameOf(keyPair.now)}`].map(plain)),
    ...some(options, ({ name, expected, now: value }) => {
      return `~ ${name}: ${expected ?? 'unset'}, now ${value ?? 'unset'}`;
    }),
    ...(order === undefined ? [] : ['  the order of the instances differs']),
    now,
  ];
}

function some<T>(all: readonly T[], lineOf: (one: T) => string): string[] {
  const lines = all.slice(0, MAX_SHOWN).map((one) => `  ${plain(lineOf(one))}`);
  const more = all.length - MAX_SHOWN;
  return more > 0 ? [...lines, `  … and ${more} more`] : lines;
}

function nameOf({ name, fingerprint }: { readonly name: string; readonly fingerprint: string }) {
  return `${name} (${fingerprint})`;
}

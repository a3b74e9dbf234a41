import * as v from 'valibot';
import { ProblemDocument } from '../api/problem.ts';
import { plain } from './text.ts';

/** Lines shown of each kind: our own choice. */
const MAX_SHOWN = 10;

/** How the current plan differs from the expected one. Empty for any other document. */
export function showDifference(document: unknown): string[] {
  const read = v.safeParse(ProblemDocument, document);
  const { planDigest, difference } = read.success ? read.output : {};
  if (planDigest === undefined || difference === undefined) return [];
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
    ...some(options ?? [], ({ name, expected, now: value }) => {
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

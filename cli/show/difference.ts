import * as v from 'valibot';
import { ProblemDocument } from '../api/problem.ts';
import { plain } from './text.ts';

/** Of each kind: our own choice. */
const MAX_SHOWN = 10;

/** What the plan of now has that the expected one had not; nothing for another document. */
export function showDifference(document: unknown): string[] {
  const read = v.safeParse(ProblemDocument, document);
  const { planDigest, difference } = read.success ? read.output : {};
  if (planDigest === undefined || difference === undefined) return [];
  const now = `  the plan now: ${plain(planDigest)}`;
  if (difference === null) return ['  the expected plan is not known any more', now];
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
    ...some(options ?? [], ({ name, expected, now: value }) => {
      return `~ ${name}: ${expected ?? 'unset'}, now ${value ?? 'unset'}`;
    }),
    ...(order === undefined ? [] : ['  the instances come in another order']),
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

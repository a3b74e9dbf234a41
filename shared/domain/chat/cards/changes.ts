import { listed } from './words.ts';

type Changed = readonly { readonly instanceId?: unknown }[];

/** How a plan differs from the one that was expected (`PlanDifference`), in a few lines. */
export function changeLines(difference: unknown): string[] {
  if (typeof difference !== 'object' || difference === null) return [];
  const lines: string[] = [];
  for (const kind of ['added', 'removed', 'changed']) {
    const ids = idsIn(Reflect.get(difference, kind));
    if (ids.length > 0) lines.push(`· ${kind}: ${listed(ids)}`);
  }
  if ('keyPair' in difference) lines.push('· the key pair has changed');
  if ('options' in difference) lines.push('· the options have changed');
  if ('order' in difference) lines.push('· the order of the instances has changed');
  return lines;
}

function idsIn(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return (list as Changed).flatMap(({ instanceId }) =>
    typeof instanceId === 'string' ? [instanceId] : [],
  );
}

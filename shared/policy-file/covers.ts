import type { LaunchMatch } from '../domain/model/policy.ts';

/**
 * Whether every launch that the later match takes is taken by the earlier one: each condition of the
 * earlier follows from one of the later. What only several earlier ones together take is not seen.
 */
export function covers(earlier: LaunchMatch, later: LaunchMatch): boolean {
  return (
    isWithin(later.regionIds, earlier.regionIds) &&
    isWithin(later.accountIds, earlier.accountIds) &&
    isWithin(later.imageIds, earlier.imageIds) &&
    isWithin(later.launchTemplates, earlier.launchTemplates) &&
    isWithin(later.launchedBy, earlier.launchedBy) &&
    later.namePrefix.startsWith(earlier.namePrefix) &&
    Object.entries(earlier.tags).every(([key, value]) => demands(later.tags, key, value))
  );
}

/** An empty list takes everything. */
function isWithin(later: readonly string[], earlier: readonly string[]): boolean {
  if (earlier.length === 0) return true;
  return later.length > 0 && later.every((value) => earlier.includes(value));
}

function demands(tags: Readonly<Record<string, string>>, key: string, value: string): boolean {
  return Object.hasOwn(tags, key) && (value === '*' || tags[key] === value);
}

import type { LaunchMatch } from '../domain/model/policy.ts';

/**
 * Whether the earlier match applies to every launch that the later one applies to, so that the later launch
 * rule can never be reached. Does not find a match that only several earlier ones together shadow.
 */
export function matchShadows(earlier: LaunchMatch, later: LaunchMatch): boolean {
  return (
    isWithin(later.regionIds, earlier.regionIds) &&
    isWithin(later.accountIds, earlier.accountIds) &&
    isWithin(later.imageIds, earlier.imageIds) &&
    isWithin(later.launchTemplates, earlier.launchTemplates) &&
    isWithin(later.launchedBy, earlier.launchedBy) &&
    later.namePrefix.startsWith(earlier.namePrefix) &&
    Object.entries(earlier.tags).every(([key, value]) => requires(later.tags, key, value))
  );
}

/** An empty list applies to everything. */
function isWithin(later: readonly string[], earlier: readonly string[]): boolean {
  if (earlier.length === 0) return true;
  return later.length > 0 && later.every((value) => earlier.includes(value));
}

function requires(tags: Readonly<Record<string, string>>, key: string, value: string): boolean {
  return Object.hasOwn(tags, key) && (value === '*' || tags[key] === value);
}

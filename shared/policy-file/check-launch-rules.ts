import { isOwnRole } from '../domain/launch/launch-rules.ts';
import type { LaunchMatch, LaunchRule, Policy } from '../domain/model/policy.ts';
import { type AddFault, below, checkUnique, type ParsedPolicy, revocationOf } from './faults.ts';
import type { RuleEntry } from './launch-rule.ts';

export function checkLaunchRules({ entry, policy }: ParsedPolicy, addFault: AddFault): void {
  const rules = policy.launch;
  checkUnique(
    rules.map(({ name }) => name),
    (index, name) =>
      addFault(['launch', index, 'name'], `Cannot take "${name}": another rule has this name`),
  );
  for (const [index, rule] of rules.entries()) {
    const add = below(addFault, 'launch', index);
    const earlier = rules.slice(0, index).findIndex(({ match }) => matchShadows(match, rule.match));
    if (earlier !== -1) {
      const why = `rule "${rules[earlier]!.name}" (/launch/${earlier}) matches every launch that it matches`;
      add(['match'], `Cannot be reached: ${why}`);
    }
    const why = revocationOf({ ...rule, name: rule.keyPairName }, policy.revokedKeyPairs);
    if (why !== null) add(['keyPairName'], `Cannot take "${rule.keyPairName}": ${why}`);
    checkRestart(entry.launch[index]!, rule, add);
    checkMatch(rule, policy, add);
  }
}

function checkRestart(entry: RuleEntry, rule: LaunchRule, addFault: AddFault): void {
  if (!rule.restart) {
    for (const field of ['restartScalingMembers', 'restartYoungerThanSeconds'] as const) {
      if (entry[field] === undefined || entry[field] === false) continue;
      addFault([field], `Cannot take ${entry[field]}: the rule restarts nothing`);
    }
  } else if (rule.delaySeconds >= rule.restartYoungerThanSeconds) {
    const why = `instances are restarted only in their first ${rule.restartYoungerThanSeconds} s`;
    addFault(['delaySeconds'], `Cannot take ${rule.delaySeconds}: ${why}`);
  }
}

function checkMatch(
  { match, restart }: LaunchRule,
  { optOut, ownRoles }: Policy,
  addFault: AddFault,
): void {
  if (Object.hasOwn(match.tags, optOut.attach)) {
    const why = 'instances with this tag get no key pair';
    addFault(['match', 'tags', optOut.attach], `Cannot be required: ${why}`);
  }
  const restartTag = Object.hasOwn(match.tags, optOut.restart)
    ? match.tags[optOut.restart]
    : undefined;
  if (restart && restartTag !== undefined && restartTag !== '*' && restartTag !== 'window') {
    const why = 'the rule restarts, and instances with this tag are not restarted at launch';
    addFault(['match', 'tags', optOut.restart], `Cannot take "${restartTag}": ${why}`);
  }
  for (const [nth, name] of match.launchedBy.entries()) {
    if (!isOwnRole(ownRoles, name.split(':')[0]!)) continue;
    const why = 'it is a role of Latchkey (/ownRoles), whose launches are ignored';
    addFault(['match', 'launchedBy', nth], `Cannot take "${name}": ${why}`);
  }
}

const LISTS = ['regionIds', 'accountIds', 'imageIds', 'launchTemplates', 'launchedBy'] as const;

/**
 * Whether the earlier match applies to every launch that the later one applies to, so that the later launch
 * rule can never be reached. Does not find a match that only several earlier ones together shadow.
 */
export function matchShadows(earlier: LaunchMatch, later: LaunchMatch): boolean {
  return (
    LISTS.every((name) => isWithin(later[name], earlier[name])) &&
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

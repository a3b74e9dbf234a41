import { covers } from './covers.ts';
import { isOwnRole } from '../domain/launch/launch-rules.ts';
import type { LaunchRule, Policy } from '../domain/model/policy.ts';
import type { RuleEntry } from './launch-rule.ts';
import { type Read, type Refuse, repeated } from './refuse.ts';
import { revokedBy } from './revoked-by.ts';

export function ruleContradictions({ entry, policy }: Read, refuse: Refuse): void {
  const rules = policy.launch;
  repeated(
    rules.map(({ name }) => name),
    (index, name) => {
      refuse(['launch', index, 'name'], `Cannot take "${name}": must be the name of one rule only`);
    },
  );
  for (const [index, rule] of rules.entries()) {
    const here: Refuse = (path, detail) => refuse(['launch', index, ...path], detail);
    const earlier = rules.slice(0, index).findIndex(({ match }) => covers(match, rule.match));
    if (earlier !== -1) {
      const why = `rule "${rules[earlier]!.name}" (/launch/${earlier}) takes every launch before it`;
      here(['match'], `Cannot be reached: ${why}`);
    }
    const why = revokedBy(policy.revokedKeyPairs, { ...rule, name: rule.keyPairName });
    if (why !== null) here(['keyPairName'], `Cannot take "${rule.keyPairName}": ${why}`);
    restartContradictions(entry.launch[index]!, rule, here);
    matchContradictions(rule, policy, here);
  }
}

function restartContradictions(entry: RuleEntry, rule: LaunchRule, refuse: Refuse): void {
  if (!rule.restart) {
    for (const field of ['restartScalingMembers', 'restartYoungerThanSeconds'] as const) {
      if (entry[field] === undefined || entry[field] === false) continue;
      refuse([field], `Cannot take ${entry[field]}: the rule restarts nothing`);
    }
  } else if (rule.delaySeconds >= rule.restartYoungerThanSeconds) {
    const why = `instances are restarted only in their first ${rule.restartYoungerThanSeconds} s`;
    refuse(['delaySeconds'], `Cannot take ${rule.delaySeconds}: ${why}`);
  }
}

function matchContradictions(
  { match, restart }: LaunchRule,
  { optOut, ownRoles }: Policy,
  refuse: Refuse,
): void {
  if (Object.hasOwn(match.tags, optOut.attach)) {
    const why = 'instances with this tag get no key pair';
    refuse(['match', 'tags', optOut.attach], `Cannot be asked for: ${why}`);
  }
  const restartTag = Object.hasOwn(match.tags, optOut.restart)
    ? match.tags[optOut.restart]
    : undefined;
  if (restart && restartTag !== undefined && restartTag !== '*' && restartTag !== 'window') {
    const why = 'instances with this tag are not restarted at launch, and the rule restarts';
    refuse(['match', 'tags', optOut.restart], `Cannot take "${restartTag}": ${why}`);
  }
  for (const [nth, name] of match.launchedBy.entries()) {
    if (!isOwnRole(ownRoles, name.split(':')[0]!)) continue;
    const why = 'what Latchkey launches itself starts nothing (/ownRoles)';
    refuse(['match', 'launchedBy', nth], `Cannot take "${name}": ${why}`);
  }
}

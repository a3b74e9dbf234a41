import { personBehind } from '../domain/policy/people.ts';
import type { ApprovalRule, ClientRule, Policy } from '../domain/model/policy.ts';
import type { Grants } from './grants.ts';
import type { Refuse } from './refuse.ts';
import { revokedBy } from './revoked-by.ts';

/** Fields without which somebody who may ask could get nothing. */
const ASKER_NEEDS = ['keyPairs', 'maxInstances', 'restart', 'attach'] as const;

/** What one client or person is given, and cannot use. */
export function grantContradictions(
  entry: Grants,
  rule: ClientRule,
  policy: Policy,
  refuse: Refuse,
): void {
  if (mayAsk(rule)) {
    for (const field of ASKER_NEEDS) {
      if (entry[field] !== undefined) continue;
      refuse(
        [field],
        `Cannot be left out: what a ${kindOf(rule)} that may ask does not list it may not`,
      );
    }
  } else if (entry.breakGlass) {
    refuse(['breakGlass'], `Cannot take true: the ${kindOf(rule)} may neither ask nor undo`);
  }
  for (const [nth, keyPair] of (entry.keyPairs ?? []).entries()) {
    const why = revokedBy(policy.revokedKeyPairs, keyPair);
    if (why !== null) refuse(['keyPairs', nth], `Cannot take "${keyPair.name}": ${why}`);
  }
  const { attach } = policy.optOut;
  if (Object.hasOwn(entry.instances?.tags ?? {}, attach)) {
    const why = 'instances with this tag get no key pair';
    refuse(['instances', 'tags', attach], `Cannot be asked for: ${why}`);
  }
  if (rule.approval === null) return;
  const here: Refuse = (path, detail) => refuse(['approval', ...path], detail);
  conditionContradictions(entry, rule, rule.approval, here);
  approverContradictions(entry, rule, rule.approval, policy, here);
}

function mayAsk({ actions }: Pick<ClientRule, 'actions'>): boolean {
  return actions.includes('ask') || actions.includes('undo');
}

function kindOf({ id, person }: ClientRule): 'client' | 'person' {
  return id === person ? 'person' : 'client';
}

function conditionContradictions(
  entry: Grants,
  rule: ClientRule,
  { always, aboveInstances, tags, highRisk }: ApprovalRule,
  refuse: Refuse,
): void {
  const risk = entry.approval?.highRisk;
  const asksByTag = Object.keys(tags).length > 0;
  if (!always && aboveInstances === null && !asksByTag && risk === undefined) {
    const what = 'must say when: "always", "aboveInstances", "tags" or "highRisk"';
    refuse([], `Cannot take an object: ${what}`);
  }
  if (aboveInstances !== null && always) {
    refuse(['aboveInstances'], `Cannot take ${aboveInstances}: it is always needed`);
  } else {
    neverAbove(aboveInstances, rule, ['aboveInstances'], refuse);
  }
  if (asksByTag && always) refuse(['tags'], 'Cannot take an object: it is always needed');
  neverTagged(tags, rule, ['tags'], refuse);
  if (risk === undefined) return;
  if (highRisk.aboveInstances === null && Object.keys(highRisk.tags).length === 0) {
    const what = 'must say when: "aboveInstances" or "tags"';
    refuse(['highRisk'], `Cannot take an object: ${what}`);
  }
  neverAbove(highRisk.aboveInstances, rule, ['highRisk', 'aboveInstances'], refuse);
  neverTagged(highRisk.tags, rule, ['highRisk', 'tags'], refuse);
  const most = highRisk.aboveInstances;
  if (most !== null && aboveInstances !== null && most < aboveInstances) {
    const why = `above ${most} it is high risk, and needed for that`;
    refuse(['aboveInstances'], `Cannot take ${aboveInstances}: ${why}`);
  }
}

function neverAbove(
  limit: number | null,
  rule: ClientRule,
  path: readonly string[],
  refuse: Refuse,
): void {
  if (limit === null || limit < rule.maxInstances) return;
  const why = `the ${kindOf(rule)} may ask for at most ${rule.maxInstances}`;
  refuse(path, `Cannot take ${limit}: ${why}`);
}

function neverTagged(
  tags: Readonly<Record<string, string>>,
  rule: ClientRule,
  path: readonly string[],
  refuse: Refuse,
): void {
  for (const [key, value] of Object.entries(tags)) {
    const must = Object.hasOwn(rule.tags, key) ? rule.tags[key] : undefined;
    if (must === undefined || must === '*' || value === '*' || value === must) continue;
    const why = `the ${kindOf(rule)} may only touch instances with "${must}"`;
    refuse([...path, key], `Cannot take "${value}": ${why}`);
  }
}

/** Each person counts once, and whoever asked does not. */
function approverContradictions(
  entry: Grants,
  rule: ClientRule,
  { approvals }: ApprovalRule,
  { clients, people }: Policy,
  refuse: Refuse,
): void {
  if (!mayAsk(rule)) return;
  const others = (rules: readonly ClientRule[]) => {
    const all = rules.filter(({ actions }) => actions.includes('approve')).map(personBehind);
    return new Set(all.filter((one) => one !== personBehind(rule))).size;
  };
  const everywhere = others([...clients, ...people.map((person) => person.rule)]);
  const atTheWebhook = others(clients);
  if (everywhere === 0) {
    refuse([], 'Cannot take an object: nobody else may approve, and nobody approves their own');
  } else if (everywhere < approvals) {
    refuse(['approvals'], `Cannot take ${approvals}: others who may approve are ${everywhere}`);
  } else if (entry.approval?.highRisk !== undefined && atTheWebhook < approvals) {
    const why = `no chat is enough for it, and others who may approve by webhook are ${atTheWebhook}`;
    refuse(['highRisk'], `Cannot take an object: ${why}`);
  }
}

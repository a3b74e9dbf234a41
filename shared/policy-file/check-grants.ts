import type { ApprovalRule, ClientRule, Policy } from '../domain/model/policy.ts';
import { personBehind } from '../domain/policy/people.ts';
import { type AddFault, below, type Path, revocationOf } from './faults.ts';
import type { Grants } from './grants.ts';

/** Without one of these fields, every request would be refused. */
const NEEDED_TO_ASK = ['keyPairs', 'maxInstances', 'restart', 'attach'] as const;

/** Checks what one client or person is permitted, for grants that can never be used. */
export function checkGrants(
  entry: Grants,
  rule: ClientRule,
  policy: Policy,
  addFault: AddFault,
): void {
  const mayAsk = rule.actions.includes('ask') || rule.actions.includes('undo');
  const asker = rule.id === rule.person ? 'person' : 'client';
  if (mayAsk) {
    for (const field of NEEDED_TO_ASK) {
      if (entry[field] !== undefined) continue;
      const why = `a ${asker} that may ask or undo needs it, since nothing is permitted by default`;
      addFault([field], `Cannot be left out: ${why}`);
    }
  } else if (entry.breakGlass) {
    addFault(['breakGlass'], `Cannot take true: the ${asker} may neither ask nor undo`);
  }
  for (const [nth, keyPair] of rule.keyPairs.entries()) {
    const why = revocationOf(keyPair, policy.revokedKeyPairs);
    if (why !== null) addFault(['keyPairs', nth], `Cannot take "${keyPair.name}": ${why}`);
  }
  const { attach } = policy.optOut;
  if (Object.hasOwn(rule.tags, attach)) {
    const why = 'instances with this tag get no key pair';
    addFault(['instances', 'tags', attach], `Cannot be required: ${why}`);
  }
  if (rule.approval === null) return;
  const isHighRiskSet = entry.approval?.highRisk !== undefined;
  const approval: Approval = { approval: rule.approval, rule, asker, isHighRiskSet };
  const addBelow = below(addFault, 'approval');
  checkConditions(approval, addBelow);
  if (mayAsk) checkApprovers(approval, policy, addBelow);
}

interface Approval {
  readonly approval: ApprovalRule;
  /** The client or person who needs the approval. */
  readonly rule: ClientRule;
  readonly asker: 'client' | 'person';
  readonly isHighRiskSet: boolean;
}

/** Checks for an approval that is never needed. */
function checkConditions(of: Approval, addFault: AddFault): void {
  const { always, aboveInstances, tags, highRisk } = of.approval;
  const hasTags = Object.keys(tags).length > 0;
  if (!always && aboveInstances === null && !hasTags && !of.isHighRiskSet) {
    const rule = 'must have "always", "aboveInstances", "tags" or "highRisk"';
    addFault([], `Cannot take an object: ${rule}`);
  }
  const isAlways = 'approval is always needed';
  if (aboveInstances !== null && always) {
    addFault(['aboveInstances'], `Cannot take ${aboveInstances}: ${isAlways}`);
  } else {
    checkAbove(of, aboveInstances, ['aboveInstances'], addFault);
  }
  if (hasTags && always) addFault(['tags'], `Cannot take an object: ${isAlways}`);
  checkTags(of, tags, ['tags'], addFault);
  if (!of.isHighRiskSet) return;
  const highAbove = highRisk.aboveInstances;
  if (highAbove === null && Object.keys(highRisk.tags).length === 0) {
    addFault(['highRisk'], 'Cannot take an object: must have "aboveInstances" or "tags"');
  }
  checkAbove(of, highAbove, ['highRisk', 'aboveInstances'], addFault);
  checkTags(of, highRisk.tags, ['highRisk', 'tags'], addFault);
  if (highAbove !== null && aboveInstances !== null && highAbove < aboveInstances) {
    const why = `a rollout above ${highAbove} is high risk and needs approval already`;
    addFault(['aboveInstances'], `Cannot take ${aboveInstances}: ${why}`);
  }
}

function checkAbove(
  { rule: { maxInstances }, asker }: Approval,
  limit: number | null,
  path: Path,
  addFault: AddFault,
): void {
  if (limit === null || limit < maxInstances) return;
  addFault(path, `Cannot take ${limit}: the ${asker} may ask for at most ${maxInstances}`);
}

function checkTags(
  { rule, asker }: Approval,
  tags: Readonly<Record<string, string>>,
  path: Path,
  addFault: AddFault,
): void {
  for (const [key, value] of Object.entries(tags)) {
    const must = Object.hasOwn(rule.tags, key) ? rule.tags[key] : undefined;
    if (must === undefined || must === '*' || value === '*' || value === must) continue;
    const why = `the ${asker} may only touch instances with "${must}"`;
    addFault([...path, key], `Cannot take "${value}": ${why}`);
  }
}

/** Checks for an approval that nobody can give. A person counts once, and nobody approves their own requests. */
function checkApprovers(of: Approval, { clients, people }: Policy, addFault: AddFault): void {
  const asker = personBehind(of.rule);
  const approversIn = (rules: readonly ClientRule[]) => {
    const all = rules.filter(({ actions }) => actions.includes('approve')).map(personBehind);
    return new Set(all.filter((person) => person !== asker)).size;
  };
  const { approvals } = of.approval;
  const count = approversIn([...clients, ...people.map((person) => person.rule)]);
  const byWebhook = approversIn(clients);
  if (count === 0) {
    const why = 'nobody else may approve, and nobody approves their own requests';
    addFault([], `Cannot take an object: ${why}`);
  } else if (count < approvals) {
    addFault(['approvals'], `Cannot take ${approvals}: others who may approve: ${count}`);
  } else if (of.isHighRiskSet && byWebhook < approvals) {
    const why = `high risk is approved by webhook only, and others who may do so: ${byWebhook}`;
    addFault(['highRisk'], `Cannot take an object: ${why}`);
  }
}

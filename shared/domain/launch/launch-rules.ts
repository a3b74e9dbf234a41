import type { LaunchRule } from '../model/policy.ts';

/** What is known about a launched instance when rules are matched. */
export interface LaunchFacts {
  /** A `Snapshot`, in which every field is known. A null field was not read, which happens in tools only. */
  readonly snapshot: {
    readonly name: string | null;
    readonly tags: Readonly<Record<string, string>> | null;
    readonly imageId: string | null;
  };
  readonly regionId: string;
  /** null: the event does not say. */
  readonly accountId: string | null;
  /** All names of the launcher; null: only ActionTrail reports them. */
  readonly launchedBy: readonly string[] | null;
  /** Ids and names, [] for none; null: only ActionTrail reports them. */
  readonly launchTemplates: readonly string[] | null;
}

/** How one rule matched a launch. */
export interface LaunchStep {
  readonly rule: string;
  readonly outcome: 'matches' | 'differs' | 'unknown';
  /** For people: the conditions that decided, or all that hold. */
  readonly why: string;
}

export type RuleVerdict =
  | { readonly kind: 'rule'; readonly rule: LaunchRule }
  /** It is not known yet whether this rule matches. Until then no later rule may win. */
  | { readonly kind: 'undecided'; readonly rule: LaunchRule; readonly why: string }
  | { readonly kind: 'none' };

/**
 * Finds the first rule that matches. A rule with an unknown condition blocks the rules after it: the order in
 * which events arrive must not decide.
 *
 * @param lastCall no further event is awaited: an unknown condition does not match
 * @returns the verdict, and a step for each rule that was tried
 */
export function judgeLaunch(
  rules: readonly LaunchRule[],
  facts: LaunchFacts,
  lastCall: boolean,
): { readonly verdict: RuleVerdict; readonly steps: readonly LaunchStep[] } {
  const steps: LaunchStep[] = [];
  for (const rule of rules) {
    const step = { rule: rule.name, ...outcomeOf(conditionsOf(rule, facts)) };
    steps.push(step);
    if (step.outcome === 'matches') return { verdict: { kind: 'rule', rule }, steps };
    if (step.outcome === 'unknown' && !lastCall) {
      return { verdict: { kind: 'undecided', rule, why: step.why }, steps };
    }
  }
  return { verdict: { kind: 'none' }, steps };
}

/** Whether a rule has a condition that only ActionTrail reports. Other events never satisfy it. */
export function needsActionTrail({ match }: LaunchRule): boolean {
  return match.launchedBy.length > 0 || match.launchTemplates.length > 0;
}

/**
 * Whether Latchkey itself runs under this role. RAM keeps the case of role names, and the fc3 component
 * sends them in lower case.
 */
export function isOwnRole(ownRoles: readonly string[], roleName: string): boolean {
  return ownRoles.some((own) => own.toLowerCase() === roleName.toLowerCase());
}

/** One condition of a rule. */
interface Condition {
  readonly holds: boolean | 'unknown';
  /** For people: the fact that decides. */
  readonly why: string;
}

function outcomeOf(conditions: readonly Condition[]): Omit<LaunchStep, 'rule'> {
  const differing = conditions.filter(({ holds }) => holds === false);
  const unknown = conditions.filter(({ holds }) => holds === 'unknown');
  if (differing.length > 0) return { outcome: 'differs', why: inWords(differing) };
  if (unknown.length > 0) return { outcome: 'unknown', why: inWords(unknown) };
  return { outcome: 'matches', why: inWords(conditions) };
}

function inWords(conditions: readonly Condition[]): string {
  return conditions.map(({ why }) => why).join('; ');
}

/** The rule's conditions, in the order of `LaunchMatch`. */
function conditionsOf({ match }: LaunchRule, facts: LaunchFacts): Condition[] {
  const { snapshot, regionId, accountId, launchTemplates, launchedBy } = facts;
  return [
    ...isOneOf('region', match.regionIds, [regionId]),
    ...isOneOf('account', match.accountIds, accountId === null ? null : [accountId]),
    ...Object.entries(match.tags).map(([key, value]) => hasTag(snapshot, key, value)),
    ...beginsWith(snapshot, match.namePrefix),
    ...isOneOf('image', match.imageIds, snapshot.imageId === null ? null : [snapshot.imageId]),
    ...isOneOf('launch template', match.launchTemplates, launchTemplates),
    ...isOneOf('launched by', match.launchedBy, launchedBy),
  ];
}

/** @param is null: not known */
function isOneOf(
  what: string,
  wanted: readonly string[],
  is: readonly string[] | null,
): Condition[] {
  if (wanted.length === 0) return [];
  if (is === null) return [{ holds: 'unknown', why: `${what} is not known` }];
  const found = is.find((one) => wanted.includes(one));
  if (found !== undefined) return [{ holds: true, why: `${what} is "${found}"` }];
  const state = is.length === 0 ? 'none' : listed(is);
  return [{ holds: false, why: `${what} is ${state}, not ${listed(wanted)}` }];
}

function hasTag({ tags }: LaunchFacts['snapshot'], key: string, wanted: string): Condition {
  if (tags === null) return { holds: 'unknown', why: `tag "${key}" is not known` };
  const value = Object.hasOwn(tags, key) ? tags[key] : undefined;
  if (value === undefined) return { holds: false, why: `tag "${key}" is missing` };
  const why = `tag "${key}" is "${value}"`;
  if (wanted === '*' || value === wanted) return { holds: true, why };
  return { holds: false, why: `${why}, not "${wanted}"` };
}

function beginsWith({ name }: LaunchFacts['snapshot'], prefix: string): Condition[] {
  if (prefix === '') return [];
  if (name === null) return [{ holds: 'unknown', why: 'name is not known' }];
  if (name.startsWith(prefix)) return [{ holds: true, why: `name begins with "${prefix}"` }];
  return [{ holds: false, why: `name "${name}" does not begin with "${prefix}"` }];
}

function listed(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(' or ');
}

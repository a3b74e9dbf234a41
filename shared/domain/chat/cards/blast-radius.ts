import { expectedMs, limitFor } from '../../workflow/expected-end.ts';
import type { KeyPair } from '../../model/instance.ts';
import { optedOutOf } from '../../policy/opt-out.ts';
import { plannedWaves } from '../../workflow/planned-waves.ts';
import type { RolloutRequest } from '../../model/request.ts';
import { type ApprovalFacts, type RolloutInstance, targetKeyPair } from '../../model/rollout.ts';
import { limitOf } from '../../workflow/waves.ts';
import { about, counted, countedBy, inOneLine, listed, MAX_NAME, span } from './words.ts';

export type Fact = readonly [label: string, value: string];

/** A plan, before it is carried out. */
export interface Planned {
  readonly request: RolloutRequest;
  readonly keyPair: KeyPair;
  readonly instances: readonly RolloutInstance[];
}

export interface RadiusOptions {
  /** What only ECS knows; null: ECS was not asked. */
  readonly facts: ApprovalFacts | null;
  /** Whether an undo may leave an instance without a key pair. */
  readonly allowDetach: boolean;
}

/** Everything that an approver must know, the most harmful first. */
export function blastRadius(planned: Planned, options: RadiusOptions): Fact[] {
  const { request, instances } = planned;
  const attached = instances.filter(({ attach }) => attach.kind !== 'skipped');
  const restarted = instances.filter(({ restart }) => restart.kind !== 'none');
  const touched = instances.filter((one) => attached.includes(one) || restarted.includes(one));
  return [
    ['Attach', attached.length === 0 ? 'none' : counted(attached.length, 'instance')],
    ['Restart', restartsOf(restarted)],
    ...some('Zones', countedBy(touched.map(({ zoneId }) => zoneId || 'no zone'))),
    ...(restarted.length === 0 ? [] : outage(restarted, planned)),
    ...stopped(attached, planned, options),
    ...keyPairsOf(attached, planned, options),
    ...passwords(attached, planned),
    ...some('Scaling groups', members(restarted)),
    ...some('Opted out', countedBy(optedOutOf(instances).map(({ effect }) => EFFECT[effect]))),
    ...some('Skipped', skipped(instances)),
    ...waves(planned),
    ...(request.undoes === null ? [undoable(attached, options)] : []),
  ];
}

function some(label: string, value: string): Fact[] {
  return value === '' ? [] : [[label, value]];
}

function restartsOf(restarted: readonly RolloutInstance[]): string {
  if (restarted.length === 0) return 'none';
  const started = restarted.filter(({ restart }) => 'how' in restart && restart.how === 'start');
  const rebooted = restarted.length - started.length;
  return started.length === 0
    ? counted(rebooted, 'instance')
    : `${restarted.length}: ${rebooted} rebooted, ${started.length} started`;
}

/** The most instances that are down at once: in total, and in each group of the request. */
function outage(restarted: readonly RolloutInstance[], { request, instances }: Planned): Fact[] {
  const { groupBy, maxUnavailable } = request;
  const limit = Math.min(restarted.length, limitFor({ instances }, request));
  const overall: Fact = ['Down at once', `at most ${limit} of ${restarted.length}`];
  if (groupBy === null) return [overall];
  const sizes = new Map<string, number>();
  for (const { group } of restarted) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const groups = [...sizes]
    .filter(([group]) => group !== '')
    .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([group, size]) => {
      const most = Math.min(limit, size, limitOf(maxUnavailable, size));
      return `${inOneLine(group, MAX_NAME)} ${most} of ${size}`;
    });
  const without = sizes.get('') ?? 0;
  // Only this rollout's members are known here. ECS is asked for the whole group before each wave.
  const words = [
    `${maxUnavailable} of each group`,
    ...(groups.length === 0 ? [] : [`of those here ${listed(groups)}`]),
    ...(without === 0 ? [] : [`${without} in no group`]),
  ];
  return [overall, [`Down at once, by ${inOneLine(groupBy, MAX_NAME)}`, words.join('; ')]];
}

function stopped(
  attached: readonly RolloutInstance[],
  { request }: Planned,
  { facts }: RadiusOptions,
): Fact[] {
  const count = facts?.stopped ?? attached.filter((one) => isStopped(one, request)).length;
  if (count === 0) return [];
  const isStarted = request.restart === 'auto' && request.startStopped;
  return [
    ['Stopped', `${count}, ${isStarted ? 'started where nothing forbids it' : 'left stopped'}`],
  ];
}

/** The plan does not keep the state, but a Running instance would be rebooted. */
function isStopped(
  { attach, restart, withheld }: RolloutInstance,
  { restart: wanted }: RolloutRequest,
): boolean {
  if (restart.kind === 'due') return restart.how === 'start';
  const isPending = attach.kind === 'waiting' && attach.reason === 'pending';
  return wanted === 'auto' && restart.kind === 'none' && withheld === '' && !isPending;
}

function keyPairsOf(
  attached: readonly RolloutInstance[],
  { request, keyPair }: Planned,
  { facts }: RadiusOptions,
): Fact[] {
  const known = new Map((facts?.replaces ?? []).map((one) => [one.name, one]));
  const named = (name: string | null) =>
    name === null ? 'no key pair' : withFingerprint(known.get(name) ?? { name, fingerprint: '' });
  if (request.undoes !== null) {
    const targets = attached.map(({ target }) =>
      target?.keyPair === null || target === null ? 'no key pair' : withFingerprint(target.keyPair),
    );
    return [
      ['Removes', withFingerprint(keyPair)],
      ...some('Binds again', countedBy(targets.map((one) => `${one} on`))),
    ];
  }
  const replaced = attached.filter(({ previousKeyPairName: name }) => name !== null);
  return [
    ['Key pair', withFingerprint(keyPair)],
    ...some(
      'Replaces',
      countedBy(replaced.map(({ previousKeyPairName: name }) => `${named(name)} on`)),
    ),
  ];
}

function withFingerprint({ name, fingerprint }: KeyPair): string {
  const short = inOneLine(name, MAX_NAME);
  return fingerprint === '' ? short : `${short} (${inOneLine(fingerprint, MAX_NAME)})`;
}

/** AttachKeyPair turns password login off, DetachKeyPair turns it on again. */
function passwords(attached: readonly RolloutInstance[], rollout: Planned): Fact[] {
  const bound = attached.filter((one) => targetKeyPair(rollout, one) !== null).length;
  const left = attached.length - bound;
  const parts = [
    ...(bound === 0 ? [] : [`turned off on ${bound}`]),
    ...(left === 0 ? [] : [`turned on again on ${left}`]),
  ];
  return some('Password login', parts.join(', '));
}

function members(restarted: readonly RolloutInstance[]): string {
  const count = restarted.filter(({ isScalingMember }) => isScalingMember).length;
  return count === 0 ? '' : `${counted(count, 'member')} restarted: Auto Scaling may replace them`;
}

const EFFECT = {
  'not-attached': 'not attached',
  'not-restarted': 'not restarted',
  'needs-approval': 'wants this approval',
  'only-in-window': 'only in the window',
  none: 'no effect',
} as const;

function skipped(instances: readonly RolloutInstance[]): string {
  return countedBy(
    instances.flatMap(({ attach }) => (attach.kind === 'skipped' ? [attach.reason] : [])),
  );
}

function waves({ request, instances }: Planned): Fact[] {
  const sizes = plannedWaves({ instances, request, wave: 0 }).map(({ length }) => String(length));
  if (sizes.length === 0) return [];
  return [
    ['Waves', `${sizes.length}: ${listed(sizes)}; ${span(request.bakeSeconds)} between them`],
    ['Expected', `about ${about(expectedMs(sizes.length, request))}, if nothing has to wait`],
  ];
}

/** What `undo` could bind again, as far as is known now. */
function undoable(
  attached: readonly RolloutInstance[],
  { facts, allowDetach }: RadiusOptions,
): Fact {
  const gone = new Set(
    (facts?.replaces ?? []).filter(({ fingerprint }) => fingerprint === '').map(({ name }) => name),
  );
  const unbound = attached.filter(({ previousKeyPairName: name }) => name === null).length;
  const lost = attached.filter(
    ({ previousKeyPairName: name }) => name !== null && gone.has(name),
  ).length;
  const not = [
    ...(unbound === 0 || allowDetach
      ? []
      : [`not on ${unbound}, where no key pair was bound before`]),
    ...(lost === 0 ? [] : [`not on ${lost}, whose key pair no longer exists`]),
  ];
  return ['Undo', ['possible', ...not].join('; ')];
}

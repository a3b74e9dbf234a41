import { SCALING_GROUP_TAG } from '../../../local/cloud/ecs/events/scale-out.ts';
import type { Launch } from '../launch.ts';

export const KEY_PAIRS = [{ name: 'ops-2025' }, { name: 'ops-2026' }];
const NEW = 'ops-2026';
const OLD = 'ops-2025';

/** The demo's `policy.json`. Its launch rules differ in what they do. */
export const POLICY = {
  clients: [],
  launch: [
    { name: 'web', match: { tags: { team: 'web' } }, keyPairName: NEW, restart: true },
    { name: 'build', match: { namePrefix: 'build-' }, keyPairName: NEW, restart: false },
    {
      name: 'lab',
      match: { tags: { team: 'lab' } },
      keyPairName: NEW,
      restart: true,
      replace: true,
    },
  ],
  ownRoles: ['latchkey-attach', 'latchkey-launch', 'latchkey-restart'],
};

/** What an instance must be like in the end. */
interface Expectation {
  readonly bound: string | null;
  /** The key pair that logs in. */
  readonly effective: string | null;
  /** How often an attach succeeded for it. */
  readonly attached: 0 | 1;
  /** Boots after the first one. */
  readonly restarted: 0 | 1;
}

/** Instances that are launched the same way, in several calls. */
export interface Group extends Omit<Launch, 'amount'> {
  readonly name: string;
  /** The launch rule that must match them; null for none. */
  readonly rule: string | null;
  /** How many instances each call launches. */
  readonly calls: readonly number[];
  readonly expected: Expectation;
}

const restarted: Expectation = { bound: NEW, effective: NEW, attached: 1, restarted: 1 };
/** The key becomes effective at the next boot, whoever causes it. */
const boundOnly: Expectation = { bound: NEW, effective: null, attached: 1, restarted: 0 };
const untouched = (keyPairName: string | null): Expectation => ({
  bound: keyPairName,
  effective: keyPairName,
  attached: 0,
  restarted: 0,
});

/** 500 instances. */
export const GROUPS: readonly Group[] = [
  {
    name: 'web, by tag',
    rule: 'web',
    calls: [100, 60, 40, 20, 7, 2, 1],
    tags: { team: 'web' },
    instanceName: 'web-',
    expected: restarted,
  },
  {
    name: 'build machines, by name; no restart',
    rule: 'build',
    calls: [80, 30, 9, 1],
    tags: {},
    instanceName: 'build-',
    launchTemplateId: 'lt-bp1build',
    expected: boundOnly,
  },
  {
    name: 'lab, another key at launch: replaced',
    rule: 'lab',
    calls: [24, 6],
    tags: { team: 'lab' },
    instanceName: 'lab-',
    keyPairName: OLD,
    expected: restarted,
  },
  {
    name: 'web, another key at launch: kept',
    rule: 'web',
    calls: [25, 5],
    tags: { team: 'web' },
    instanceName: 'kept-',
    keyPairName: OLD,
    expected: untouched(OLD),
  },
  {
    name: 'web, its key at launch: nothing to do',
    rule: 'web',
    calls: [19, 1],
    tags: { team: 'web' },
    instanceName: 'ready-',
    keyPairName: NEW,
    expected: untouched(NEW),
  },
  {
    name: 'web, in a scaling group: no restart',
    rule: 'web',
    calls: [20],
    tags: { team: 'web', [SCALING_GROUP_TAG]: 'asg-bp1demo' },
    instanceName: 'pool-',
    expected: boundOnly,
  },
  {
    name: 'web, latchkey:restart=never',
    rule: 'web',
    calls: [18, 2],
    tags: { team: 'web', 'latchkey:restart': 'never' },
    instanceName: 'steady-',
    expected: boundOnly,
  },
  {
    name: 'web, latchkey:attach=never',
    rule: 'web',
    calls: [10],
    tags: { team: 'web', 'latchkey:attach': 'never' },
    instanceName: 'private-',
    expected: untouched(null),
  },
  {
    name: 'no rule',
    rule: null,
    calls: [19, 1],
    tags: { team: 'mail' },
    instanceName: 'mail-',
    expected: untouched(null),
  },
];

export function sizeOf({ calls }: Group): number {
  return calls.reduce((sum, n) => sum + n, 0);
}

const total = (of: (group: Group) => number) => GROUPS.reduce((sum, one) => sum + of(one), 0);

export const INSTANCES = total(sizeOf);
export const TO_ATTACH = total((group) => sizeOf(group) * group.expected.attached);
export const TO_RESTART = total((group) => sizeOf(group) * group.expected.restarted);

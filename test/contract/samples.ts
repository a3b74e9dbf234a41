import type { ReplyTo } from '../../shared/domain/model/chat.ts';
import type {
  AttachState,
  RestartState,
  Rollout,
  RolloutInstance,
} from '../../shared/domain/model/rollout.ts';
import type { SkipReason } from '../../shared/domain/model/skip-reason.ts';
import type { RolloutRequest } from '../../shared/domain/model/request.ts';
import { aRollout, anEntry, anInstance, CREATED_MS } from '../shared/outbound/store/builders.ts';

/** Fixed values for the golden files: one sample has everything set, the other one nothing. */

export const T0 = CREATED_MS;
const REQUEST_ID = '4B7C2A10-0E6D-5D3B-9C1F-2A7E8B9C0D1E';

/** `Record`, so that no reason is forgotten. */
const SKIPPED: Readonly<Record<SkipReason, string>> = {
  windows: '',
  'not-io-optimized': '',
  locked: 'financial, security',
  'already-attached': '',
  busy: 'ro-bbbbbbbbbbbbbbbbbbbbbbbbbb',
  'not-found': '',
  released: '',
  'wrong-state': 'Stopping for more than 10 minutes',
  denied: '',
  aborted: '',
  'plan-changed': '',
  changed: 'bound to "lab"',
  'not-undoable': '',
  'opted-out': '',
  'other-key-pair': 'ops-2024',
};

const ATTACHED: AttachState = { kind: 'attached', atMs: T0 + 1_000, requestId: REQUEST_ID };

const ATTACHES: readonly AttachState[] = [
  { kind: 'due', untilMs: T0 + 90_000 },
  ...(['throttled', 'pending', 'unavailable', 'wave', 'approval'] as const).map(
    (reason, n): AttachState => ({ kind: 'waiting', reason, untilMs: n === 3 ? 0 : T0 + n }),
  ),
  { kind: 'unknown', code: 'timeout', untilMs: T0 + 5_000 },
  ATTACHED,
  { kind: 'failed', code: 'InvalidInstanceId', message: 'No such "instance"', requestId: '' },
  ...(Object.entries(SKIPPED) as [SkipReason, string][]).map(([reason, detail]): AttachState => ({
    kind: 'skipped',
    reason,
    detail,
    effective: null,
  })),
  ...(['yes', 'no', 'unknown'] as const).map((effective): AttachState => ({
    kind: 'skipped',
    reason: 'already-attached',
    detail: '',
    effective,
  })),
];

const reboot = { how: 'reboot', attempt: 1 } as const;
const start = { how: 'start', attempt: 2 } as const;
const boot = { sinceMs: T0 + 2_000, lookedAtMs: T0 + 7_000, readAtMs: T0 + 12_000 };
const failed = { kind: 'failed', code: 'ReadyTimeout', message: 'Stopping after 300 s' } as const;

const RESTARTS: readonly RestartState[] = [
  { kind: 'none' },
  { kind: 'due', how: 'reboot', attempt: 0, notBeforeMs: 0, isDown: false, reason: '' },
  { kind: 'due', ...start, notBeforeMs: T0 + 60_000, isDown: true, reason: 'throttled' },
  { kind: 'claimed', ...reboot, atMs: T0, untilMs: T0 + 150_000 },
  {
    kind: 'booting',
    ...reboot,
    proof: 'accepted',
    ...boot,
    runningAtMs: null,
    requestId: REQUEST_ID,
  },
  { kind: 'booting', ...start, proof: 'observed', ...boot, runningAtMs: T0 + 6_000, requestId: '' },
  { kind: 'ready', ...reboot, proof: 'accepted', atMs: T0 + 20_000, requestId: REQUEST_ID },
  { kind: 'ready', ...start, proof: 'observed', atMs: T0 + 20_000, requestId: '' },
  { ...failed, ...reboot, requestId: REQUEST_ID, runningAtMs: null },
  { ...failed, ...start, requestId: '', runningAtMs: T0 + 400_000 },
  ...(['aborted', 'skipped', 'busy'] as const).map((why, n): RestartState => ({
    kind: 'dropped',
    ...reboot,
    why,
    isDown: n === 1,
  })),
  { kind: 'unknown', ...reboot, atMs: T0 + 200_000, code: 'NoEvidence', runningAtMs: null },
  { kind: 'unknown', ...start, atMs: T0 + 200_000, code: 'NoEvidence', runningAtMs: T0 + 300_000 },
];

/** What else an instance may be, each once. */
const OTHERS: readonly Partial<RolloutInstance>[] = [
  ...(['', 'never', 'approve', 'window'] as const).map((optOut) => ({ optOut })),
  ...(['opted-out', 'not-approved', 'scaling-member', 'too-old'] as const).map((withheld) => ({
    withheld,
  })),
  { isScalingMember: true, group: 'web', wave: 3, missingSinceMs: T0 + 3_000 },
  { previousKeyPairName: null, name: '', zoneId: '' },
  { target: { keyPair: null } },
  { target: { keyPair: { name: 'ops-2025', fingerprint: 'f'.repeat(32) } } },
  { name: '网页 "web" \\ 🔑' },
];

/** Every state of an instance, as an instance of its own. */
export const INSTANCES: readonly RolloutInstance[] = [
  ...ATTACHES.map((attach) => ({ attach })),
  ...RESTARTS.map((restart) => ({ attach: ATTACHED, restart })),
  ...OTHERS,
].map((over, index) => anInstance(index, over));

const CHAT_TENANT = { platform: 'slack', tenant: 'T0001' } as const;

/** Everything that a request can say. */
export const FULL_REQUEST: RolloutRequest = {
  regionId: 'cn-hangzhou',
  keyPairName: 'ops-2026',
  instanceIds: INSTANCES.map(({ instanceId }) => instanceId),
  selector: {
    tags: { team: 'web', 环境: '生产' },
    keyPairName: 'ops-2025',
    zoneId: 'cn-hangzhou-h',
    vpcId: 'vpc-bp1sample',
    resourceGroupId: 'rg-sample',
    namePrefix: 'web-',
  },
  restart: 'auto',
  startStopped: true,
  restartAlreadyAttached: true,
  attach: 'wave',
  maxUnavailable: '25%',
  ramp: 'canary',
  groupBy: 'role',
  haltAfterFailures: 3,
  bakeSeconds: 120,
  readyTimeoutSeconds: 600,
  approveWithinSeconds: 3_600,
  expectedPlanDigest: `sha256:${'0'.repeat(64)}`,
  undoes: 'ro-bbbbbbbbbbbbbbbbbbbbbbbbbb',
  breakGlass: 'incident 4711: "the old key leaked"',
  launch: { replace: true, restartScalingMembers: true, restartYoungerThanSeconds: 1_800 },
  dryRun: false,
  note: 'rotation 2026-Q4\n第二行',
};

/** Three instances, and nothing that can be left out. */
export const BARE: Rollout = aRollout();

/** Everything set, and every state of an instance. */
export const FULL: Rollout = aRollout({
  rolloutId: 'ro-cccccccccccccccccccccccccc',
  version: 7,
  origin: {
    door: 'chat',
    client: 'alice',
    idempotencyKey: 'or-dddddddddddddddddddddddddd',
    bodyDigest: 'e'.repeat(64),
    chat: {
      account: { ...CHAT_TENANT, user: 'U0001' },
      place: { ...CHAT_TENANT, channel: 'C0001' },
    },
  },
  request: FULL_REQUEST,
  keyPair: { name: 'ops-2026', fingerprint: '0e8d1b7a2c94f3d5e6b7a8c9d0e1f2a3' },
  planDigest: `sha256:${'1'.repeat(64)}`,
  openedAtMs: T0 + 1,
  updatedAtMs: T0 + 2,
  held: true,
  ownerUntilMs: T0 + 150_000,
  control: { kind: 'halted', cause: '3 of 3 restarts failed', by: '', atMs: T0 + 9_000 },
  approval: {
    state: 'approved',
    untilMs: T0 + 3_600_000,
    by: 'bob',
    why: 'client "ci" always needs one',
    needed: 2,
    given: ['bob', 'carol'],
    isHighRisk: true,
    facts: {
      stopped: 1,
      replaces: [
        { name: 'ops-2025', fingerprint: 'f'.repeat(32) },
        { name: 'gone', fingerprint: '' },
      ],
    },
  },
  forgiven: 2,
  wave: 3,
  waitingFor: 'halted',
  waitingUntilMs: T0 + 60_000,
  wakeAtMs: T0 + 60_000,
  outbox: [0, 5, 41],
  notices: [
    { kind: 'approval-needed', atMs: T0 },
    { kind: 'break-glass', atMs: T0 + 1 },
    { kind: 'halted', atMs: T0 + 2 },
    { kind: 'ended', atMs: T0 + 3 },
  ],
  instances: INSTANCES,
  // Around the end of the ring of 200.
  history: [198, 199, 200, 201].map((seq) =>
    anEntry(seq, {
      count: 40,
      detail: 'IncorrectInstanceStatus',
      requestId: REQUEST_ID,
      by: 'bob',
    }),
  ),
});

/** By a launch rule, given up, and done: other ids asked for than there are instances. */
export const LAUNCHED: Rollout = aRollout({
  rolloutId: 'ro-llllllllllllllllllllllllll',
  origin: { ...BARE.origin, door: 'launch', client: 'web', person: 'alice' },
  request: { ...BARE.request, instanceIds: ['i-a'], launch: FULL_REQUEST.launch },
  phase: 'done',
  control: { kind: 'aborted', cause: '', by: 'alice', atMs: T0 + 5 },
  createdAtMs: T0 + 86_400_000,
});

/** Where an answer goes, on each platform. */
export const REPLY_TO: ReplyTo = {
  place: { ...CHAT_TENANT, channel: 'C0001' },
  user: 'U0001',
  url: 'https://hooks.slack.com/commands/T0001/1/abc',
  untilMs: T0 + 1_800_000,
  messageId: '',
};

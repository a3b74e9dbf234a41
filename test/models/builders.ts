import { createHash } from 'node:crypto';
import type { Snapshot } from '../../shared/domain/model/instance.ts';
import type { OptOutRules } from '../../shared/domain/policy/opt-out.ts';
import type { Moment } from '../../shared/domain/model/events.ts';
import type { PlanSummary } from '../../shared/domain/model/plan.ts';
import type { HealthGate, Log } from '../../shared/domain/model/ports.ts';
import type {
  ApprovalRule,
  ClientRule,
  LaunchMatch,
  LaunchRule,
  Policy,
} from '../../shared/domain/model/policy.ts';
import type { LaunchTerms, Origin, RolloutRequest } from '../../shared/domain/model/request.ts';
import { NO_CONDITIONS, type Selector } from '../../shared/domain/model/selector.ts';
import type { RolloutRules } from '../../shared/domain/policy/rules.ts';
import { ALWAYS, type Schedule } from '../../shared/domain/model/window.ts';

/** 2026-09-21T14:13:20Z: any moment will do. */
export const NOW_MS = 1_790_000_000_000;

export const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest();

export const silent: Log = () => {};

/** A Running Linux instance without a key pair. Override what the test is about. */
export function aSnapshot(over: Partial<Snapshot> = {}): Snapshot {
  return {
    instanceId: 'i-a',
    name: 'web-1',
    status: 'Running',
    zoneId: 'cn-hangzhou-h',
    vpcId: 'vpc-1',
    resourceGroupId: '',
    osType: 'linux',
    ioOptimized: true,
    keyPairName: null,
    locks: [],
    tags: {},
    imageId: '',
    createdAtMs: null,
    ...over,
  };
}

/** Attach `ops` to i-a and reboot it, all in one wave. */
export function aRequest(over: Partial<RolloutRequest> = {}): RolloutRequest {
  return {
    regionId: 'cn-hangzhou',
    keyPairName: 'ops',
    instanceIds: ['i-a'],
    selector: null,
    restart: 'auto',
    startStopped: false,
    restartAlreadyAttached: false,
    attach: 'now',
    maxUnavailable: '100%',
    ramp: 'none',
    groupBy: null,
    haltAfterFailures: 1_000,
    bakeSeconds: 0,
    readyTimeoutSeconds: 300,
    approveWithinSeconds: null,
    expectedPlanDigest: null,
    undoes: null,
    breakGlass: null,
    launch: null,
    dryRun: false,
    note: '',
    ...over,
  };
}

/** No condition is set, so it selects nothing unless the test sets one. */
export function aSelector(over: Partial<Selector> = {}): Selector {
  return { ...NO_CONDITIONS, ...over };
}

/** A plan that attaches `ops` to i-a and reboots it. */
export function aSummary(over: Partial<PlanSummary> = {}): PlanSummary {
  return {
    regionId: 'cn-hangzhou',
    keyPair: { name: 'ops', fingerprint: 'fp-ops' },
    options: { restart: 'auto', maxUnavailable: '10%', groupBy: null },
    instances: [['i-a', 'attach', 'reboot']],
    ...over,
  };
}

export function anOrigin(over: Partial<Origin> = {}): Origin {
  return {
    door: 'webhook',
    client: 'ci',
    idempotencyKey: 'msg_1',
    bodyDigest: 'digest-1',
    ...over,
  };
}

/** No window, no gate, no revoked key pair, no channel. */
export function someRules({
  schedule = ALWAYS,
  gate = null,
  revoked = [],
  channels = [],
}: {
  readonly schedule?: Schedule | undefined;
  readonly gate?: HealthGate | null | undefined;
  readonly revoked?: RolloutRules['revoked'] | undefined;
  readonly channels?: RolloutRules['channels'] | undefined;
} = {}): RolloutRules {
  return {
    scheduleOf: () => schedule,
    hasGate: () => gate !== null,
    gateOf: () => gate,
    revoked,
    channels,
  };
}

/** A moment at which everything is permitted. Its invocation ends at once. */
export function aMoment(over: Partial<Moment> = {}): Moment {
  const { nowMs = NOW_MS } = over;
  return {
    nowMs,
    ownerUntilMs: nowMs,
    schedule: { kind: 'open' },
    hasWindow: false,
    revoked: [],
    subscribed: new Set(),
    ...over,
  };
}

/** Nobody is allowed anything, and no launch rule is set. */
export function aPolicy(over: Partial<Policy> = {}): Policy {
  return {
    clients: [],
    launch: [],
    schedule: ALWAYS,
    healthGate: null,
    allowDetach: false,
    revokedKeyPairs: [],
    optOut: { restart: 'latchkey:restart', attach: 'latchkey:attach' },
    notify: [],
    ownRoles: [],
    people: [],
    chat: null,
    console: null,
    ...over,
  };
}

/** The opt-out tags of `aPolicy`, without a window. */
export const NO_WINDOW: OptOutRules = { tags: aPolicy().optOut, hasWindow: false };

/** A client that may do everything, with the key pairs of the models. */
export function aClient(over: Partial<ClientRule> = {}): ClientRule {
  return {
    id: 'ci',
    person: null,
    secretNames: ['WEBHOOK_SECRETS'],
    actions: [
      'ask',
      'see',
      'undo',
      'stop',
      'go',
      'pause',
      'resume',
      'abort',
      'approve',
      'deny',
      'resolve',
    ],
    keyPairs: ['ops', 'old', 'older'].map((name) => ({ name, fingerprint: `fp-${name}` })),
    tags: {},
    maxInstances: 1_000,
    restart: ['auto', 'never'],
    attach: ['now', 'wave'],
    approval: null,
    schedule: ALWAYS,
    healthGate: null,
    breakGlass: true,
    maxOpenRollouts: 100,
    ...over,
  };
}

/** Every rollout needs one approval, and none is high risk. */
export function anApprovalRule(over: Partial<ApprovalRule> = {}): ApprovalRule {
  return {
    always: true,
    aboveInstances: null,
    tags: {},
    withinSeconds: 600,
    approvals: 1,
    highRisk: { aboveInstances: null, tags: {} },
    ...over,
  };
}

/** What a launch rule adds to a request by default. */
export function aLaunch(over: Partial<LaunchTerms> = {}): LaunchTerms {
  return {
    replace: false,
    restartScalingMembers: false,
    restartYoungerThanSeconds: 3_600,
    ...over,
  };
}

/** Attaches `ops` to every launched instance and reboots it. */
export function aLaunchRule(
  over: Omit<Partial<LaunchRule>, 'match'> & { readonly match?: Partial<LaunchMatch> } = {},
): LaunchRule {
  const { match, ...rest } = over;
  return {
    name: 'web',
    keyPairName: 'ops',
    fingerprint: null,
    restart: true,
    delaySeconds: 0,
    replace: false,
    restartScalingMembers: false,
    restartYoungerThanSeconds: 3_600,
    ...rest,
    match: {
      regionIds: [],
      accountIds: [],
      tags: {},
      namePrefix: '',
      imageIds: [],
      launchTemplates: [],
      launchedBy: [],
      ...match,
    },
  };
}

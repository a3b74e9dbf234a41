import { createHash } from 'node:crypto';
import type { Snapshot } from '../../shared/domain/instance.ts';
import type { Log } from '../../shared/domain/ports.ts';
import type { ClientRule, LaunchMatch, LaunchRule, Policy } from '../../shared/domain/policy.ts';
import type { Origin, RolloutRequest } from '../../shared/domain/request.ts';
import { ALWAYS } from '../../shared/domain/window.ts';

/** 2026-09-21T16:26:40Z: any moment will do. */
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

export function anOrigin(over: Partial<Origin> = {}): Origin {
  return {
    door: 'webhook',
    client: 'ci',
    idempotencyKey: 'msg_1',
    bodyDigest: 'digest-1',
    ...over,
  };
}

/** Nobody may anything, and no launch is answered. */
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
    ...over,
  };
}

/** May everything, with the key pair `ops` of the models. */
export function aClient(over: Partial<ClientRule> = {}): ClientRule {
  return {
    id: 'ci',
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

/** Every launch gets `ops`, and a reboot. */
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

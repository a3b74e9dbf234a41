import { createHash } from 'node:crypto';
import type { Snapshot } from '../../shared/domain/instance.ts';
import type { Log } from '../../shared/domain/ports.ts';
import type { Origin, RolloutRequest } from '../../shared/domain/request.ts';

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
    ...over,
  };
}

/** Attach `ops` to i-a and reboot it, all in one wave. */
export function aRequest(over: Partial<RolloutRequest> = {}): RolloutRequest {
  return {
    regionId: 'cn-hangzhou',
    keyPairName: 'ops',
    instanceIds: ['i-a'],
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

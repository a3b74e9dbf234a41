import type {
  HistoryEntry,
  Rollout,
  RolloutInstance,
} from '../../../../shared/domain/model/rollout.ts';

export const CREATED_MS = Date.UTC(2026, 10, 24, 9);

export function anInstance(index: number, over: Partial<RolloutInstance> = {}): RolloutInstance {
  return {
    instanceId: `i-bp1${String(index).padStart(17, '0')}`,
    name: `web-${index}`,
    zoneId: 'cn-hangzhou-h',
    previousKeyPairName: 'ops-2025',
    group: '',
    target: null,
    wave: 0,
    missingSinceMs: null,
    isScalingMember: false,
    optOut: '',
    withheld: '',
    attach: { kind: 'due', untilMs: CREATED_MS + 90_000 },
    restart: { kind: 'none' },
    ...over,
  };
}

export function anEntry(seq: number, over: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    seq,
    atMs: CREATED_MS,
    what: 'attached',
    count: 1,
    detail: '',
    requestId: '',
    by: '',
    ...over,
  };
}

/** A complete new rollout with three instances. */
export function aRollout(over: Partial<Rollout> = {}): Rollout {
  const instances = over.instances ?? [anInstance(0), anInstance(1), anInstance(2)];
  return {
    rolloutId: 'ro-aaaaaaaaaaaaaaaaaaaaaaaaaa',
    version: 1,
    origin: { door: 'webhook', client: 'ci', idempotencyKey: 'msg_1', bodyDigest: 'digest' },
    request: {
      regionId: 'cn-hangzhou',
      keyPairName: 'ops-2026',
      instanceIds: instances.map(({ instanceId }) => instanceId),
      selector: null,
      restart: 'auto',
      startStopped: false,
      restartAlreadyAttached: false,
      attach: 'now',
      maxUnavailable: '10%',
      ramp: 'doubling',
      groupBy: null,
      haltAfterFailures: 1,
      bakeSeconds: 60,
      readyTimeoutSeconds: 300,
      approveWithinSeconds: null,
      expectedPlanDigest: null,
      undoes: null,
      breakGlass: null,
      launch: null,
      dryRun: false,
      note: '',
    },
    keyPair: { name: 'ops-2026', fingerprint: 'f' },
    planDigest: 'sha256:0',
    createdAtMs: CREATED_MS,
    openedAtMs: CREATED_MS,
    updatedAtMs: CREATED_MS,
    phase: 'open',
    held: false,
    ownerUntilMs: CREATED_MS,
    control: { kind: 'going' },
    approval: null,
    forgiven: 0,
    wave: 0,
    waitingFor: '',
    waitingUntilMs: null,
    wakeAtMs: null,
    outbox: [],
    notices: [],
    instances,
    history: [anEntry(0, { what: 'created' })],
    ...over,
  };
}

/** The version after `before`, with some change. */
export function next(before: Rollout, over: Partial<Rollout> = {}): Rollout {
  return { ...before, version: before.version + 1, updatedAtMs: before.updatedAtMs + 1, ...over };
}

import { randomUUID } from 'node:crypto';
import policyFile from '../policy.json' with { type: 'json' };
import type { AskPorts } from '../shared/domain/ask.ts';
import type { Policy } from '../shared/domain/policy.ts';
import type { Queue } from '../shared/domain/ports.ts';
import { LatchkeyError } from '../shared/domain/errors.ts';
import { readEnvironment, type Settings } from '../shared/inbound/environment.ts';
import type { FcContext } from '../shared/inbound/fc.ts';
import { parsePolicy } from '../shared/inbound/policy.ts';
import { signWebhook } from '../shared/inbound/webhook-signature.ts';
import { systemClock } from '../shared/outbound/clock.ts';
import { fcCredentials } from '../shared/outbound/credentials.ts';
import { ecsOverSdk } from '../shared/outbound/ecs/ecs-over-sdk.ts';
import { closeIdleEcsSockets } from '../shared/outbound/ecs/idle-sockets.ts';
import { httpHealthGate } from '../shared/outbound/health-gate.ts';
import { jsonLog } from '../shared/outbound/log.ts';
import { sha256 } from '../shared/outbound/sha256.ts';
import { smqQueue } from '../shared/outbound/smq/smq-queue.ts';
import { keptSockets } from '../shared/outbound/sockets.ts';
import { tablestoreGlobalStop } from '../shared/outbound/store/global-stop.ts';
import { tablestoreMemories } from '../shared/outbound/store/instance-memories.ts';
import { tablestoreRollouts } from '../shared/outbound/store/rollouts.ts';
import { tablestoreClient } from '../shared/outbound/tablestore/client.ts';

/** Part of every bundle: a policy that is not valid fails the cold start. */
const policy = parsePolicy(policyFile);

/** With its two repetitions a call to store or queue takes less than carry-out allows for one. */
const STORE_CALL_MS = 3_000;

type Handler<T> = (event: Uint8Array, context: FcContext) => Promise<T>;

/** Every port of the domain, over the cloud that the environment names. */
export interface Wired extends AskPorts {
  readonly settings: Settings;
  readonly policy: Policy;
  readonly deadLetters: Queue;
  /** To be called when an invocation begins: its credentials, and no socket from before the freeze. */
  begin(context: FcContext): void;
}

function wire(context: FcContext, webhookSecrets: 'required' | 'unused'): Wired {
  const { accountId } = context;
  const { healthGate, schedule } = policy;
  const settings = readEnvironment(process.env, {
    accountId,
    webhookSecrets,
    ...(healthGate === null ? {} : { gateSecretName: healthGate.secretName }),
  });
  const log = jsonLog({ level: settings.logLevel, base: { function: context.function.name } });
  const credentials = fcCredentials();
  const sockets = keptSockets();
  const shared = { credentials: credentials.source, sockets, log, deadlineMs: STORE_CALL_MS };
  const store = tablestoreClient({
    ...shared,
    endpoint: settings.tablestoreEndpoint,
    instanceName: settings.tablestoreInstance,
  });
  const queue = (queueName: string) =>
    smqQueue({ ...shared, endpoint: settings.smqEndpoint, queueName });
  const { gateSecret } = settings;
  return {
    settings,
    policy,
    log,
    schedule,
    stop: tablestoreGlobalStop(store, settings.regionId),
    gate:
      healthGate === null || gateSecret === null
        ? null
        : httpHealthGate({
            ...healthGate,
            secret: gateSecret,
            sign: signWebhook,
            sockets,
            nowMs: systemClock.nowMs,
            newId: () => `gate_${randomUUID()}`,
            log,
          }),
    sha256,
    clock: systemClock,
    ecs: ecsOverSdk({
      regionId: settings.regionId,
      endpoint: settings.ecsEndpoint,
      credentials: credentials.source,
      nowMs: systemClock.nowMs,
      log,
    }),
    rollouts: tablestoreRollouts(store, { log }),
    memories: tablestoreMemories(store, settings.regionId),
    queue: queue(settings.smqQueue),
    deadLetters: queue(settings.smqDeadLetterQueue),
    begin(now) {
      credentials.use(now.credentials);
      sockets.closeIdleSockets();
      closeIdleEcsSockets();
    },
  };
}

/** Less leaves no time for a single call between the margins: invocation.ts, carry-out.ts. */
const LEAST_TIME_LIMIT_SEC = 16;

function checkTimeLimit({ function: { name, timeout } }: FcContext): void {
  if (timeout >= LEAST_TIME_LIMIT_SEC) return;
  const rule = `"timeout" in s.yaml must be at least ${LEAST_TIME_LIMIT_SEC} s`;
  throw new LatchkeyError('not-valid', `Cannot start ${name} with ${timeout} s: ${rule}`);
}

/**
 * What a function exports. It is wired once for each function instance: by the initializer, which
 * fails the cold start when a setting is missing, else by the first event.
 */
export function entry<T>(
  make: (wired: Wired) => Handler<T>,
  options: { readonly webhookSecrets: 'required' | 'unused' },
): { initialize: (context: FcContext) => Promise<void>; handler: Handler<T> } {
  let ready: { readonly wired: Wired; readonly handle: Handler<T> } | undefined;
  const start = (context: FcContext) => {
    checkTimeLimit(context);
    const wired = wire(context, options.webhookSecrets);
    return (ready = { wired, handle: make(wired) });
  };
  return {
    initialize: async (context) => {
      start(context);
    },
    handler: (event, context) => {
      const { wired, handle } = ready ?? start(context);
      wired.begin(context);
      return handle(event, context);
    },
  };
}

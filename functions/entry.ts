import { randomUUID } from 'node:crypto';
import policyFile from '../policy.json' with { type: 'json' };
import type { AskPorts } from '../shared/domain/ask.ts';
import type { ClientRule, HealthGateRule, Policy } from '../shared/domain/policy.ts';
import type { Notifier, Queue, RequestLedger } from '../shared/domain/ports.ts';
import { LatchkeyError } from '../shared/domain/errors.ts';
import { rulesOf } from '../shared/domain/rules.ts';
import { readEnvironment, type Settings } from '../shared/inbound/environment.ts';
import type { FcContext } from '../shared/inbound/fc.ts';
import { parsePolicy } from '../shared/inbound/policy/parse-policy.ts';
import type { SecretNames } from '../shared/inbound/secrets.ts';
import type { WebhookSecret } from '../shared/inbound/webhook-secret.ts';
import { signWebhook } from '../shared/inbound/webhook-signature.ts';
import { systemClock } from '../shared/outbound/clock.ts';
import { fcCredentials } from '../shared/outbound/credentials.ts';
import { ecsOverSdk } from '../shared/outbound/ecs/ecs-over-sdk.ts';
import { closeIdleEcsSockets } from '../shared/outbound/ecs/idle-sockets.ts';
import { httpHealthGate } from '../shared/outbound/health-gate.ts';
import { jsonLog } from '../shared/outbound/log.ts';
import { httpNotifier } from '../shared/outbound/notifier.ts';
import { sha256 } from '../shared/outbound/sha256.ts';
import { smqQueue } from '../shared/outbound/smq/smq-queue.ts';
import { keptSockets } from '../shared/outbound/sockets.ts';
import { tablestoreGlobalStop } from '../shared/outbound/store/global-stop.ts';
import { tablestoreMemories } from '../shared/outbound/store/instance-memories.ts';
import { tablestoreLedger } from '../shared/outbound/store/request-ledger.ts';
import { tablestorePlanMemory } from '../shared/outbound/store/plan-memory.ts';
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
  readonly ledger: RequestLedger;
  /** Who may ask, in the function that is asked; [] in the others. */
  readonly clients: readonly {
    readonly rule: ClientRule;
    readonly secrets: readonly WebhookSecret[];
  }[];
  /** Knows the channels in the function that tells them, and none in the others. */
  readonly notifier: Notifier;
  /** To be called when an invocation begins: its credentials, and no socket from before the freeze. */
  begin(context: FcContext): void;
}

/** Which secrets a function needs: who may sign requests, or what Latchkey signs itself. */
type Needs = 'clients' | 'gates and channels' | 'none';

function secretNamesFor(needs: Needs): SecretNames {
  const { clients, healthGate, notify } = policy;
  switch (needs) {
    case 'clients':
      return { clients };
    case 'gates and channels': {
      const gates = [healthGate, ...clients.map((client) => client.healthGate)];
      return {
        gates: gates.flatMap((gate) => gate?.secretName ?? []),
        channels: notify.map(({ secretName }) => secretName),
      };
    }
    case 'none':
      return {};
  }
}

function wire(context: FcContext, needs: Needs): Wired {
  const settings = readEnvironment(process.env, {
    accountId: context.accountId,
    secretNames: secretNamesFor(needs),
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
  const gateFor = (rule: HealthGateRule) => {
    const secret = settings.gateSecrets.get(rule.secretName);
    if (secret === undefined) return null;
    return httpHealthGate({
      ...rule,
      secret,
      sign: signWebhook,
      sockets,
      nowMs: systemClock.nowMs,
      newId: () => `gate_${randomUUID()}`,
      log,
    });
  };
  const channels = policy.notify.flatMap(({ id, url, secretName }) => {
    const secrets = settings.channelSecrets.get(secretName);
    return secrets === undefined ? [] : [{ id, url, secrets }];
  });
  return {
    settings,
    policy,
    clients: policy.clients.flatMap((rule) => {
      const secrets = settings.clientSecrets.get(rule.id);
      return secrets === undefined ? [] : [{ rule, secrets }];
    }),
    log,
    stop: tablestoreGlobalStop(store, settings.regionId),
    rules: rulesOf(policy, gateFor),
    sha256,
    plans: tablestorePlanMemory(store, { sha256, log }),
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
    ledger: tablestoreLedger(store),
    notifier: httpNotifier({ channels, sign: signWebhook, sockets }),
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
  options: { readonly secrets: Needs },
): { initialize: (context: FcContext) => Promise<void>; handler: Handler<T> } {
  let ready: { readonly wired: Wired; readonly handle: Handler<T> } | undefined;
  const start = (context: FcContext) => {
    checkTimeLimit(context);
    const wired = wire(context, options.secrets);
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

import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import { makeHandler as makeAttach } from '../../functions/attach/handler.ts';
import { makeHandler as makeLaunch } from '../../functions/launch/handler.ts';
import { makeHandler as makeRestart } from '../../functions/restart/handler.ts';
import type { FunctionModule } from '../../local/cloud/fc/instances/run-call.ts';
import type { Cloud } from '../../local/cloud/index.ts';
import { virtualClock, type VirtualClock } from '../../local/cloud/kernel/clock.ts';
import type { SettingsChange } from '../../local/cloud/kernel/settings.ts';
import { startLocalCloud } from '../../local/start-local-cloud.ts';
import type { Policy } from '../../shared/domain/model/policy.ts';
import type { Notifier } from '../../shared/domain/model/ports.ts';
import { rulesOf } from '../../shared/domain/policy/rules.ts';
import type { FcContext } from '../../shared/inbound/fc.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { fcCredentials } from '../../shared/outbound/credentials.ts';
import { ecsOverSdk } from '../../shared/outbound/ecs/ecs-over-sdk.ts';
import { sha256 } from '../../shared/outbound/sha256.ts';
import { smqQueue } from '../../shared/outbound/smq/smq-queue.ts';
import { keptSockets } from '../../shared/outbound/sockets.ts';
import { tablestoreGlobalStop } from '../../shared/outbound/store/global-stop.ts';
import { tablestoreMemories } from '../../shared/outbound/store/instance-memories.ts';
import { tablestorePlanMemory } from '../../shared/outbound/store/plan-memory.ts';
import { tablestoreLedger } from '../../shared/outbound/store/request-ledger.ts';
import { tablestoreRollouts } from '../../shared/outbound/store/rollouts.ts';
import { tablestoreClient } from '../../shared/outbound/tablestore/client.ts';
import { silent } from '../models/builders.ts';

export const START_MS = Date.parse('2026-11-24T03:00:00Z');

const NOBODY: Notifier = {
  deliver: () => Promise.resolve({ kind: 'gone', why: 'nobody is told' }),
};

/** The secret of every client of the policy. */
export const LOCAL_SECRET = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;

/** A call of the local cloud that takes longer counts as hung. */
const CALL_MS = 10_000;

export interface LocalLatchkey {
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  /** Lets virtual time pass, with all that happens in it. Calls take no virtual time. */
  pass(ms: number): Promise<void>;
}

/**
 * The local cloud of `s.yaml` with `attach`, `launch` and `restart` in this process, with real connections
 * and in virtual time.
 */
export async function aLocalLatchkey(
  policy: Policy,
  settings: SettingsChange = {},
  notifier: Notifier = NOBODY,
): Promise<LocalLatchkey> {
  const clock = virtualClock(START_MS);
  const module = (make: (wired: Wired) => Handler) => (environment: Environment) =>
    moduleOf(environment, { policy, clock, notifier }, make);
  const { cloud } = await startLocalCloud({
    settings,
    functions: {
      kind: 'in-process',
      clock,
      modules: {
        'latchkey-attach': module((wired) =>
          makeAttach({ ...wired, clients: policy.clients.map(clientOf) }),
        ),
        'latchkey-launch': module(makeLaunch),
        'latchkey-restart': module(makeRestart),
      },
    },
  });
  return {
    cloud,
    clock,
    async pass(ms) {
      const untilMs = clock.nowMs() + ms;
      await settled(cloud);
      for (;;) {
        const nextMs = Math.min(clock.nextMs() ?? Infinity, untilMs);
        clock.advance(nextMs - clock.nowMs());
        await settled(cloud);
        if (nextMs === untilMs) return;
      }
    },
  };
}

function clientOf(rule: Policy['clients'][number]) {
  return { rule, secrets: [parseWebhookSecret(LOCAL_SECRET)] };
}

type Environment = Readonly<Record<string, string>>;
interface World {
  readonly policy: Policy;
  readonly clock: VirtualClock;
  readonly notifier: Notifier;
}
type Handler = (bytes: Uint8Array, context: FcContext) => Promise<unknown>;
type Wired = ReturnType<typeof wire>;

function moduleOf(
  environment: Environment,
  world: World,
  make: (wired: Wired) => Handler,
): FunctionModule {
  const wired = wire(environment, world);
  const handle = make(wired);
  return {
    initialize: async () => {},
    handler: (bytes: Uint8Array, context: FcContext) => {
      wired.credentials.use(context.credentials);
      return handle(bytes, context);
    },
  };
}

/** As in `functions/wiring/rollouts.ts`, except for time and policy. */
function wire(environment: Environment, { policy, clock, notifier }: World) {
  const regionId = environment['REGION_ID']!;
  const credentials = fcCredentials();
  const shared = {
    credentials: credentials.source,
    sockets: keptSockets(),
    log: silent,
    deadlineMs: CALL_MS,
  };
  const store = tablestoreClient({
    ...shared,
    endpoint: environment['TABLESTORE_ENDPOINT']!,
    instanceName: environment['TABLESTORE_INSTANCE']!,
  });
  const queue = (queueName: string) =>
    smqQueue({ ...shared, endpoint: environment['SMQ_ENDPOINT']!, queueName }, bodiesOf);
  return {
    regionId,
    policy,
    credentials,
    rules: rulesOf(policy, () => null),
    stop: tablestoreGlobalStop(store, regionId),
    sha256,
    clock: { nowMs: () => clock.nowMs() },
    log: silent,
    ecs: ecsOverSdk({
      regionId,
      endpoint: environment['ECS_ENDPOINT'],
      credentials: credentials.source,
      nowMs: () => clock.nowMs(),
      log: silent,
    }),
    rollouts: tablestoreRollouts(store, { log: silent }),
    memories: tablestoreMemories(store, regionId),
    plans: tablestorePlanMemory(store, { sha256, log: silent }),
    queue: queue(environment['SMQ_QUEUE']!),
    deadLetters: queue(environment['SMQ_DEAD_LETTER_QUEUE']!),
    ledger: tablestoreLedger(store),
    notifier,
  };
}

/** Waits until everything has happened that needs no virtual time to pass. */
async function settled({ fc }: Cloud): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (!fc.isIdle());
}

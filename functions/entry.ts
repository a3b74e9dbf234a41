import type { Message } from '../shared/domain/model/messages.ts';
import { LatchkeyError } from '../shared/domain/model/errors.ts';
import type { Policy } from '../shared/domain/model/policy.ts';
import type { Clock, Log, Queue } from '../shared/domain/model/ports.ts';
import { readEnvironment, type Settings } from '../shared/inbound/environment.ts';
import type { FcContext } from '../shared/inbound/fc.ts';
import type { SecretNames } from '../shared/inbound/secrets.ts';
import { type CredentialSource, fcCredentials } from '../shared/outbound/credentials.ts';
import { jsonLog } from '../shared/outbound/log.ts';
import { smqQueue } from '../shared/outbound/smq/smq-sender.ts';
import { keptSockets, type Sockets } from '../shared/outbound/sockets.ts';
import { policy } from './policy.ts';

/** Most time for one call to store or queue. With two repetitions it stays below what carry-out allows. */
export const STORE_CALL_MS = 3_000;

type Handler<T> = (event: Uint8Array, context: FcContext) => Promise<T>;

/** What every function needs. The rest is in `wiring/`, so that a bundle contains only what its function uses. */
export interface Base<M extends Message = Message> {
  readonly settings: Settings;
  readonly regionId: string;
  readonly policy: Policy;
  readonly log: Log;
  readonly clock: Clock;
  readonly credentials: CredentialSource;
  readonly sockets: Sockets;
  readonly queue: Queue<M>;
  readonly deadLetters: Queue<M>;
  /** Another queue. @param deadlineMs of one call; there are up to two repetitions */
  queueNamed(queueName: string, deadlineMs?: number): Queue<M>;
  /** Calls `run` at the beginning of each invocation. */
  onBegin(run: () => void): void;
}

interface Started<T> {
  readonly handle: Handler<T>;
  /** Takes the credentials of this invocation. Closes idle sockets, which a freeze may have broken. */
  begin(context: FcContext): void;
}

function start<T, M extends Message>(
  context: FcContext,
  secretNames: SecretNames,
  make: (base: Base<M>) => Handler<T>,
  bodiesOf: (message: M) => string[],
) {
  const settings = readEnvironment(process.env, { accountId: context.accountId, secretNames });
  const log = jsonLog({ level: settings.logLevel, base: { function: context.function.name } });
  const credentials = fcCredentials();
  const sockets = keptSockets();
  const begins: (() => void)[] = [() => sockets.closeIdleSockets()];
  const queueNamed = (queueName: string, deadlineMs = STORE_CALL_MS) =>
    smqQueue(
      {
        endpoint: settings.smqEndpoint,
        queueName,
        credentials: credentials.source,
        sockets,
        log,
        deadlineMs,
      },
      bodiesOf,
    );
  const handle = make({
    settings,
    regionId: settings.regionId,
    policy,
    log,
    clock: { nowMs: () => Date.now() },
    credentials: credentials.source,
    sockets,
    queue: queueNamed(settings.smqQueue),
    deadLetters: queueNamed(settings.smqDeadLetterQueue),
    queueNamed,
    onBegin: (run) => begins.push(run),
  });
  const begin = (now: FcContext) => {
    credentials.use(now.credentials);
    for (const run of begins) run();
  };
  return { handle, begin } satisfies Started<T>;
}

/** A shorter limit leaves no time for a single call: see the margins of invocation.ts and carry-out.ts. */
const MIN_TIME_LIMIT_SEC = 16;

function checkTimeLimit({ function: { name, timeout } }: FcContext): void {
  if (timeout >= MIN_TIME_LIMIT_SEC) return;
  const rule = `"timeout" in s.yaml must be at least ${MIN_TIME_LIMIT_SEC} s`;
  throw new LatchkeyError('not-valid', `Cannot start ${name} with ${timeout} s: ${rule}`);
}

/**
 * The exports of a function. Each function instance is wired once, by the initializer: a missing setting then
 * fails the cold start. Without an initializer the first event does it.
 *
 * @param bodiesOf how the messages that it sends are written
 * @param secretNamesOf the secrets that the function needs: it reads no others
 */
export function entry<T, M extends Message = Message>(
  make: (base: Base<M>) => Handler<T>,
  bodiesOf: (message: M) => string[],
  secretNamesOf: (policy: Policy) => SecretNames = () => ({}),
): { initialize: (context: FcContext) => Promise<void>; handler: Handler<T> } {
  let ready: Started<T> | undefined;
  const started = (context: FcContext) => {
    checkTimeLimit(context);
    return (ready = start(context, secretNamesOf(policy), make, bodiesOf));
  };
  return {
    initialize: async (context) => {
      started(context);
    },
    handler: (event, context) => {
      const { handle, begin } = ready ?? started(context);
      begin(context);
      return handle(event, context);
    },
  };
}

import type { Cancel } from '../../kernel/clock.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Destination, FunctionConfig } from '../configuration/configuration.ts';
import type { Invocation } from './invocation.ts';

/** Pause before the retry after a function error. Not documented: our own choice. */
const ERROR_PAUSE_MS = 1_000;
/** Throttling: "0.5 s, 1, 2, 4, 8 … for up to 5 h" (https://help.aliyun.com/zh/functioncompute/error-handling-1-2). */
const FIRST_THROTTLE_PAUSE_MS = 500;
const MAX_THROTTLE_MS = 5 * 3_600_000;

export interface AsyncPorts {
  readonly kernel: Kernel;
  /** One attempt. */
  readonly run: (
    config: FunctionConfig,
    payload: Buffer,
    requestId: string,
    retryCount: number,
  ) => Promise<Invocation>;
  readonly deliver: (destination: Destination, message: string) => void;
}

interface Accepted {
  readonly config: FunctionConfig;
  readonly payload: Buffer;
  readonly requestId: string;
  readonly acceptedMs: number;
  attempts: number;
  errors: number;
  throttles: number;
}

/** The accepted invocations. Each is kept until it succeeds, has no retry left, or is too old. */
export class AsyncInvoker {
  readonly #ports: AsyncPorts;
  readonly #pauses = new Set<Cancel>();
  readonly #counts = { accepted: 0, succeeded: 0, failed: 0, retries: 0 };
  #open = 0;
  #stopped = false;

  constructor(ports: AsyncPorts) {
    this.#ports = ports;
  }

  accept(config: FunctionConfig, payload: Buffer, requestId: string): void {
    const acceptedMs = this.#ports.kernel.clock.nowMs();
    this.#counts.accepted += 1;
    this.#open += 1;
    const accepted = {
      config,
      payload,
      requestId,
      acceptedMs,
      attempts: 0,
      errors: 0,
      throttles: 0,
    };
    // The caller gets its answer before the function runs.
    this.#later(0, accepted);
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#pauses) cancel();
    this.#pauses.clear();
  }

  isIdle(): boolean {
    return this.#open === 0;
  }

  state(): object {
    return { ...this.#counts, open: this.#open };
  }

  #later(delayMs: number, accepted: Accepted): void {
    if (this.#stopped) return;
    const cancel = this.#ports.kernel.clock.after(delayMs, () => {
      this.#pauses.delete(cancel);
      void this.#attempt(accepted);
    });
    this.#pauses.add(cancel);
  }

  async #attempt(accepted: Accepted): Promise<void> {
    const { config, payload, requestId, acceptedMs } = accepted;
    const ageMs = this.#ports.kernel.clock.nowMs() - acceptedMs;
    const result = await this.#ports.run(config, payload, requestId, accepted.attempts);
    accepted.attempts += 1;
    if (this.#stopped) return;
    if (result.status === 200 && result.errorType === undefined) {
      this.#finish(accepted, result, 'Success', config.async.onSuccess);
      return;
    }
    const young = ageMs < config.async.maxAgeSec * 1_000;
    if (result.status !== 200) {
      accepted.throttles += 1;
      if (young && ageMs < MAX_THROTTLE_MS) {
        this.#later(FIRST_THROTTLE_PAUSE_MS * 2 ** (accepted.throttles - 1), accepted);
        return;
      }
    } else {
      accepted.errors += 1;
      if (young && accepted.errors <= config.async.maxRetries) {
        this.#counts.retries += 1;
        this.#later(ERROR_PAUSE_MS, accepted);
        return;
      }
    }
    // The documents name one condition only, FunctionResourceExhausted; the other is our own.
    const condition = result.errorType ?? 'FunctionResourceExhausted';
    this.#finish(accepted, result, condition, config.async.onFailure);
  }

  #finish(
    { config, payload, requestId, attempts }: Accepted,
    result: Invocation,
    condition: string,
    destination: Destination | undefined,
  ): void {
    this.#open -= 1;
    this.#counts[condition === 'Success' ? 'succeeded' : 'failed'] += 1;
    if (destination === undefined) return;
    const { settings, account, clock } = this.#ports.kernel;
    const functionArn = `acs:fc:${settings.regionId}:${account.id}:functions/${config.functionName}`;
    // https://help.aliyun.com/zh/functioncompute/user-guide/result-callback
    const message = {
      timestamp: clock.nowMs(),
      requestContext: { requestId, functionArn, condition, approximateInvokeCount: attempts },
      requestPayload: payload.toString('utf8'),
      responseContext: { statusCode: result.status, functionError: result.errorType ?? '' },
      responsePayload: result.body.toString('utf8'),
    };
    this.#ports.deliver(destination, JSON.stringify(message));
  }
}

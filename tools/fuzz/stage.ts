import { join } from 'node:path';
import { loadCode } from '../../local/cloud/fc/instances/load-code.ts';
import { type Cloud, PortTakenError } from '../../local/cloud/index.ts';
import { virtualClock, type VirtualClock } from '../../local/cloud/kernel/clock.ts';
import { PROJECT_FOLDER, startLocalCloud } from '../../local/start-local-cloud.ts';
import { startOf } from '../start-of.ts';

export const FUNCTIONS = ['attach', 'launch', 'restart'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** What a bundle exports. */
interface Bundle {
  initialize(context: object): Promise<void>;
  handler(event: Uint8Array, context: object): Promise<unknown>;
}

export interface Fleet {
  readonly instanceIds: readonly string[];
  readonly keyPairNames: readonly string[];
}

/** The public example of the Standard Webhooks specification. */
export const SECRET_TEXT = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 60_000;
const PORTS = 11;

const KEY_PAIRS = ['ops-2025', 'ops-2026'];
const INSTANCES = [
  { count: 12, name: 'web', keyPairName: 'ops-2025', tags: { team: 'web' } },
  { count: 3, name: 'batch', status: 'Stopped' },
  { name: 'office', osType: 'windows' },
  { name: 'old', ioOptimized: false },
] as const;

/**
 * Three bundles in one process with a local cloud. They are loaded once, as a function instance loads
 * them. Time stands still, and nothing is delivered, until `advance` or `moveTo`.
 */
export class Stage {
  /** Begins at a fixed time, so that the inputs of one seed are the same to the byte. */
  #clock: VirtualClock;
  readonly #bundles = new Map<FunctionName, Bundle>();
  readonly #onDelivered: (name: FunctionName, error: unknown) => void;
  #cloud: Cloud | undefined;
  readonly #contexts = new Map<FunctionName, object>();
  #portBase = 0;
  #underWay = 0;

  /** @param onDelivered called with the error of a function that the local cloud invoked by itself */
  constructor(startMs: number, onDelivered: (name: FunctionName, error: unknown) => void) {
    this.#clock = virtualClock(startMs);
    this.#onDelivered = onDelivered;
  }

  readonly nowMs = (): number => this.#clock.nowMs();

  /** @throws before the first `renew` */
  get cloud(): Cloud {
    if (this.#cloud === undefined) throw new Error('Cannot use the local cloud: not started');
    return this.#cloud;
  }

  /** Starts a new local cloud in place of the old one. */
  async renew(): Promise<Fleet> {
    await this.#cloud?.stop();
    // The old clock has timers that would keep the old cloud in memory.
    this.#clock = virtualClock(this.nowMs());
    this.#cloud = await this.#start();
    this.#contexts.clear();
    const { cloud } = this;
    cloud.seed({ keyPairs: KEY_PAIRS.map((name) => ({ name })) });
    const { instanceIds } = cloud.seed({ instances: INSTANCES });
    return { instanceIds, keyPairNames: [...KEY_PAIRS, 'nobodys'] };
  }

  async #start(): Promise<Cloud> {
    const options = {
      webhookSecrets: SECRET_TEXT,
      functions: {
        kind: 'in-process',
        clock: this.#clock,
        modules: Object.fromEntries(
          FUNCTIONS.map((name) => [`latchkey-${name}`, () => this.#module(name)]),
        ),
      },
    } as const;
    if (this.#portBase !== 0) {
      return (await startLocalCloud({ ...options, portBase: this.#portBase })).cloud;
    }
    // The bundles read the endpoints only once, so every cloud must use the same ports.
    for (let portBase = LOWEST_PORT; portBase < HIGHEST_PORT; portBase += PORTS) {
      try {
        const { cloud } = await startLocalCloud({ ...options, portBase });
        this.#portBase = portBase;
        return cloud;
      } catch (error) {
        if (!(error instanceof PortTakenError)) throw error;
      }
    }
    throw new Error('Cannot start the local cloud: no port is free');
  }

  /** Loads and initializes each bundle. @throws what a cold start throws */
  async load(): Promise<void> {
    for (const name of FUNCTIONS) {
      const { env } = startOf(this.cloud, name)!;
      Object.assign(process.env, env, { WEBHOOK_SECRETS: SECRET_TEXT });
      const bundle = await loadCode(join(PROJECT_FOLDER, 'dist', name, 'index.js'));
      this.#bundles.set(name, bundle as unknown as Bundle);
      await this.#bundles.get(name)!.initialize(this.#context(name));
    }
  }

  /** Invokes a function with an event. Rejects as the function does. */
  invoke(name: FunctionName, event: Uint8Array): Promise<unknown> {
    return this.#bundles.get(name)!.handler(event, this.#context(name));
  }

  /** Moves time on, and waits until every invocation by the local cloud has ended. */
  async advance(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 1) {
      this.#clock.advance(1_000);
      await this.#quiet();
    }
  }

  /** A delivery begins within a few turns of the event loop. */
  async #quiet(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet = this.#isQuiet() ? quiet + 1 : 0) {
      await new Promise(setImmediate);
    }
  }

  /** Moves time on, and waits as `advance` does. */
  async moveTo(atMs: number): Promise<void> {
    this.#clock.advance(Math.max(0, atMs - this.nowMs()));
    await this.#quiet();
  }

  #isQuiet(): boolean {
    return this.#underWay === 0 && this.cloud.fc.isIdle();
  }

  /** How often each action of each service was called. */
  calls(): Record<string, Record<string, number>> {
    return this.cloud.kernel.calls.toJSON();
  }

  async stop(): Promise<void> {
    await this.#cloud?.stop();
  }

  #module(name: FunctionName) {
    const bundle = this.#bundles.get(name)!;
    return {
      initialize: () => Promise.resolve(),
      handler: async (event: Uint8Array, context: object) => {
        this.#underWay += 1;
        try {
          return await bundle.handler(event, context);
        } catch (error) {
          this.#onDelivered(name, error);
          throw error;
        } finally {
          this.#underWay -= 1;
        }
      },
    };
  }

  #context(name: FunctionName): object {
    const context = this.#contexts.get(name) ?? startOf(this.cloud, name)!.context;
    this.#contexts.set(name, context);
    return context;
  }
}

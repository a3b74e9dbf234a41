import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { EcsState } from '../../../local/cloud/ecs/index.ts';
import type { Cloud } from '../../../local/cloud/index.ts';
import { ConflictError, NoAnswerError, type RolloutView, type Webhook } from '../webhook.ts';
import { KEY_PAIR, PACE } from './fleet.ts';

const ASK_AGAIN_MS = 500;
const LOOK_EVERY_MS = 2_000;

/** Asks for rollouts, follows them, and has unknown instances retried. */
export class Operator {
  readonly #cloud: Cloud;
  readonly #client: Webhook;
  readonly #before: EcsState;
  /** What the operator has seen and done. */
  readonly ledger = {
    /** Rollouts that are done without unknown instances. */
    done: 0,
    /** Instances that were unknown, and how often the operator had each retried. */
    retried: new Map<string, number>(),
    ready: new Set<string>(),
    /** Instances that were delayed by a throttled call. */
    throttled: 0,
    complaints: [] as string[],
  };

  constructor(cloud: Cloud, client: Webhook) {
    this.#cloud = cloud;
    this.#client = client;
    this.#before = cloud.ecs.state();
  }

  /** Follows a rollout until every instance is ready. Unknown instances are checked and then retried. */
  async see(instanceIds: readonly string[], isOver: () => boolean): Promise<void> {
    const { ledger } = this;
    const { view } = await this.#post('/rollouts', {
      regionId: this.#cloud.kernel.settings.regionId,
      keyPairName: KEY_PAIR,
      instanceIds,
      restart: 'auto',
      startStopped: true,
      ...PACE,
    });
    const { rolloutId } = view;
    while (!isOver()) {
      await pause(LOOK_EVERY_MS);
      const now = await this.#persist(() => this.#client.get(`/rollouts/${rolloutId}`));
      for (const { instanceId, restart } of now.results) {
        if (restart?.kind === 'ready') ledger.ready.add(instanceId);
      }
      if (now.status !== 'done' && now.status !== 'halted') continue;
      this.#check(now);
      const unknown = now.results.filter(({ restart }) => restart?.kind === 'unknown');
      if (unknown.length > 0) {
        const ids = unknown.map(({ instanceId }) => instanceId);
        if (!(await this.#retry(rolloutId, ids))) continue;
      }
      if (now.status === 'halted') await this.#control(rolloutId, 'resume', {});
      else if (unknown.length === 0) {
        ledger.done += 1;
        ledger.throttled += throttledIn(now);
        return;
      }
    }
  }

  /** @returns false when one of them is no longer unknown, because late evidence counts */
  async #retry(rolloutId: string, instanceIds: readonly string[]): Promise<boolean> {
    try {
      await this.#control(rolloutId, 'resolve', { as: 'retry', instanceIds });
    } catch (error) {
      if (error instanceof ConflictError) return false;
      throw error;
    }
    const { retried } = this.ledger;
    for (const instanceId of instanceIds) {
      retried.set(instanceId, (retried.get(instanceId) ?? 0) + 1);
    }
    return true;
  }

  /** Checks in the cloud that no instance booted twice, and that every ready instance booted. */
  #check(view: RolloutView): void {
    const { complaints, retried } = this.ledger;
    const { instances } = this.#cloud.ecs.state();
    for (const { instanceId, kind, restart } of view.results) {
      const was = this.#before.instances[instanceId]!;
      const boots = instances[instanceId]!.boots - was.boots;
      const retries = retried.get(instanceId) ?? 0;
      const complain = (what: string) => complaints.push(`${instanceId} (${was.name}): ${what}`);
      if (kind !== 'attached') complain(`is ${kind}`);
      if (boots > 1 + retries) complain(`booted ${boots} times, ${retries} retries permitted`);
      if (restart?.kind === 'ready' && boots < 1) complain('is said to be ready, but never booted');
      const isKnown = ['ready', 'unknown'].includes(restart?.kind ?? '');
      if (view.status === 'done' && !isKnown) complain(`ended ${restart?.kind} ${restart?.code}`);
    }
  }

  async #control(rolloutId: string, action: string, more: object): Promise<void> {
    await this.#post(`/rollouts/${rolloutId}/${action}`, { rolloutId, action, ...more });
  }

  /** Repeats the request under the same id until there is an answer. */
  #post(path: string, body: object) {
    const id = `msg_${randomUUID()}`;
    return this.#persist(() => this.#client.post(path, body, id));
  }

  async #persist<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        await pause(ASK_AGAIN_MS);
      }
    }
  }
}

function throttledIn({ history }: RolloutView): number {
  return history
    .filter(({ detail }) => detail.endsWith('throttled'))
    .reduce((sum, { count }) => sum + count, 0);
}

import { makeHandler as makeLaunch } from '../../functions/launch/handler.ts';
import { makeHandler as makeRestart } from '../../functions/restart/handler.ts';
import type { Snapshot } from '../../shared/domain/model/instance.ts';
import type { LaunchRule, Policy } from '../../shared/domain/model/policy.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import { ModelQueue } from '../../tools/simulate/model-queue.ts';
import { aBatch, TICK } from '../support/cloud-events.ts';
import { context } from '../support/http-event.ts';
import { aWorld, type Interceptors } from '../support/world.ts';

/** Messages of one batch, as in s.yaml. */
export const BATCH = 100;

/** `launch` and `restart` with the models, and a queue between them. */
export function aLaunchWorld(
  snapshots: readonly Partial<Snapshot>[],
  launch: readonly LaunchRule[],
  over: Interceptors & { readonly policy?: Partial<Policy> } = {},
) {
  const world = aWorld(snapshots, { ...over, policy: { ...over.policy, launch } });
  const deadLetters = new ModelQueue(world.ports.clock);
  const ports = {
    ...world.ports,
    regionId: 'cn-hangzhou',
    deadLetters,
    notifier: { deliver: async () => ({ kind: 'delivered' }) as const },
  };
  const onLaunch = makeLaunch(ports);
  const onRestart = makeRestart(ports);
  const ofRestart = { ...context, function: { name: 'latchkey-restart', timeout: 120 } };
  const launches = {
    world,
    ports,
    deadLetters,
    /** Delivers an event to `launch`. */
    tell: (event: Uint8Array) => onLaunch(event, context),
    /** Delivers messages to `restart`. */
    deliver: (bodies: readonly string[]) => onRestart(aBatch(bodies), ofRestart),
    tick: () => onRestart(TICK, ofRestart),
    /** Delivers batches and advances the time until no message is left, for at most `untilMs`. */
    async settle(untilMs = 3_600_000): Promise<void> {
      const endMs = world.now() + untilMs;
      for (;;) {
        const bodies = world.queue.receive(BATCH);
        if (bodies.length > 0) {
          await launches.deliver(bodies);
          continue;
        }
        const nextMs = world.queue.nextMs();
        if (nextMs === undefined || nextMs > endMs) return;
        world.pass(Math.max(0, nextMs - world.now()));
      }
    },
    /** The rollouts of launches. */
    rollouts: (): readonly Rollout[] =>
      world.rollouts.all().filter(({ origin }) => origin.door === 'launch'),
    /** The dead letters. */
    dead: () =>
      deadLetters.sent.map((body) => JSON.parse(body) as { readonly why: string; text: string }),
  };
  return launches;
}

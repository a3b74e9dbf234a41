import { makeHandler as makeLaunch } from '../../functions/launch/handler.ts';
import { makeHandler as makeRestart } from '../../functions/restart/handler.ts';
import type { Snapshot } from '../../shared/domain/model/instance.ts';
import type { LaunchRule, Policy } from '../../shared/domain/model/policy.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import { ModelQueue } from '../models/model-queue.ts';
import { aBatch, TICK } from './cloud-events.ts';
import { context } from '../models/http-event.ts';
import { aWorld, type Interceptors } from '../models/world.ts';

/** The largest batch, as in s.yaml. */
export const BATCH = 100;

/** `launch` and `restart` over the models, with the queue between them. */
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
    /** Delivers message bodies, or a timer tick, to `restart`. */
    deliver: (bodies: readonly string[]) => onRestart(aBatch(bodies), ofRestart),
    tick: () => onRestart(TICK, ofRestart),
    /** Delivers batches and lets time pass, until no message is left or `untilMs` have passed. */
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
    /** The rollouts that launches led to. */
    rollouts: (): readonly Rollout[] =>
      world.rollouts.all().filter(({ origin }) => origin.door === 'launch'),
    /** What the dead letters contain. */
    dead: () =>
      deadLetters.sent.map((body) => JSON.parse(body) as { readonly why: string; text: string }),
  };
  return launches;
}

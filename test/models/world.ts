import { ask } from '../../shared/domain/rollouts/ask.ts';
import type { Answer } from '../../shared/domain/rollouts/ask-ports.ts';
import { carryOut, type Invocation } from '../../shared/domain/rollouts/carry-out.ts';
import type { Snapshot } from '../../shared/domain/model/instance.ts';
import type {
  Clock,
  Ecs,
  GlobalStop,
  HealthGate,
  InstanceMemories,
  Queue,
  Rollouts,
} from '../../shared/domain/model/ports.ts';
import type { ClientRule, Policy } from '../../shared/domain/model/policy.ts';
import type { RolloutRequest } from '../../shared/domain/model/request.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import { ModelEcs } from './model-ecs.ts';
import { ModelQueue } from './model-queue.ts';
import type { RolloutRules } from '../../shared/domain/policy/rules.ts';
import type { Schedule } from '../../shared/domain/model/window.ts';
import { ModelStop } from './model-stop.ts';
import { ModelLedger } from './model-ledger.ts';
import { ModelMemories } from './model-memories.ts';
import { ModelPlans } from './model-plans.ts';
import { ModelRollouts } from './model-rollouts.ts';
import {
  anOrigin,
  aPolicy,
  aRequest,
  aSnapshot,
  NOW_MS,
  sha256,
  silent,
  someRules,
} from './builders.ts';

export const KEY_PAIR = { name: 'ops', fingerprint: 'fp-ops' };

/** What a test may put in front of the models, for example a port that loses an answer. */
export interface Interceptors {
  readonly ecs?: (ecs: Ecs) => Ecs;
  readonly rollouts?: (rollouts: Rollouts) => Rollouts;
  readonly memories?: (memories: InstanceMemories) => InstanceMemories;
  readonly queue?: (queue: Queue) => Queue;
  readonly stop?: GlobalStop;
  readonly gate?: HealthGate;
  readonly schedule?: Schedule;
  readonly policy?: Partial<Policy>;
  /** Replaces `schedule`, `gate` and the rules of the policy. */
  readonly rules?: RolloutRules;
  /** How long a restart takes. */
  readonly boot?: typeof BOOT;
}

const BOOT = { reactMs: 500, stoppingMs: 5_000, startingMs: 10_000 };

/** How long `restart` may run, and when its invocation is certainly over. */
const TIMEOUT_MS = 120_000;
const DEAD_AFTER_MS = TIMEOUT_MS + 30_000;

/** The whole domain over the models. Time stands still until `pass` or `settle` moves it. */
export function aWorld(snapshots: readonly Partial<Snapshot>[] = [{}], over: Interceptors = {}) {
  let nowMs = NOW_MS;
  const clock: Clock = { nowMs: () => nowMs };
  const ecs = new ModelEcs(
    clock,
    [KEY_PAIR, ...['old', 'older'].map((name) => ({ name, fingerprint: `fp-${name}` }))],
    snapshots.map((one) => aSnapshot(one)),
    over.boot ?? BOOT,
  );
  const rollouts = new ModelRollouts();
  const memories = new ModelMemories();
  const queue = new ModelQueue(clock);
  const policy = aPolicy(over.policy);
  const ports = {
    ecs: over.ecs?.(ecs) ?? ecs,
    rollouts: over.rollouts?.(rollouts) ?? rollouts,
    memories: over.memories?.(memories) ?? memories,
    plans: new ModelPlans(),
    ledger: new ModelLedger(),
    queue: over.queue?.(queue) ?? queue,
    clock,
    stop: over.stop ?? new ModelStop(),
    rules:
      over.rules ??
      someRules({
        schedule: over.schedule,
        gate: over.gate,
        revoked: policy.revokedKeyPairs,
        channels: policy.notify,
      }),
    policy,
    log: silent,
    sha256,
  };
  const invocation = (): Invocation => ({
    deadlineMs: nowMs + TIMEOUT_MS - 2_000,
    ownerUntilMs: nowMs + DEAD_AFTER_MS,
  });
  const world = {
    ecs,
    rollouts,
    memories,
    queue,
    ports,
    pass(ms: number) {
      nowMs += ms;
    },
    now: () => nowMs,
    /** Asks for all instances. @param client whose limits apply; null for none */
    ask(
      request: Partial<RolloutRequest> = {},
      key = 'msg_1',
      client: ClientRule | null = null,
    ): Promise<Answer> {
      const ids = snapshots.map((one) => aSnapshot(one).instanceId);
      const origin = anOrigin({ idempotencyKey: key });
      const whole = aRequest({ instanceIds: ids, ...request });
      return ask(whole, origin, ports, invocation(), { client });
    },
    wake: (rolloutId: string) => carryOut(rolloutId, { kind: 'wake' }, ports, invocation()),
    /** One timer tick over all open rollouts. */
    async tick() {
      for (const { rolloutId } of await rollouts.open()) await world.wake(rolloutId);
    },
    /** Delivers messages and lets time pass, until none is left or `untilMs` have passed. */
    async settle(untilMs = 3_600_000): Promise<void> {
      const endMs = nowMs + untilMs;
      for (;;) {
        const bodies = queue.receive(100);
        const ids = new Set(
          bodies
            .map((body) => JSON.parse(body) as { schema: string; rolloutId: string })
            .filter(({ schema }) => schema !== 'latchkey.notice/1')
            .map(({ rolloutId }) => rolloutId),
        );
        for (const rolloutId of ids) await world.wake(rolloutId);
        if (bodies.length > 0) continue;
        const nextMs = queue.nextMs();
        if (nextMs === undefined || nextMs > endMs) return;
        nowMs = Math.max(nowMs, nextMs);
      }
    },
    async rollout(rolloutId: string): Promise<Rollout> {
      const rollout = await rollouts.load(rolloutId);
      if (rollout === undefined) throw new RangeError(`Cannot load "${rolloutId}": not there`);
      return rollout;
    },
  };
  return world;
}

/** The rollout that `ask` answered with. */
export function rolloutIn(answer: Answer): Rollout {
  if (answer.kind !== 'rollout') throw new TypeError(`Cannot take a rollout out of ${answer.kind}`);
  return answer.rollout;
}

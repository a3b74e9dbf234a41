import fc from 'fast-check';
import { test } from 'vitest';
import { makeHandler as makeRestart } from '../../../functions/restart/handler.ts';
import { Random } from '../../../tools/random.ts';
import { aLaunchRule, NOW_MS } from '../../models/builders.ts';
import { aBatch, aLaunchEvent, aStateChange } from '../../support/cloud-events.ts';
import { context } from '../../models/http-event.ts';
import { aLaunchWorld, BATCH } from '../../support/launch-world.ts';

const WEB = aLaunchRule({ name: 'web', match: { tags: { team: 'web' } } });
const BUILD = aLaunchRule({
  name: 'build',
  match: { namePrefix: 'build-' },
  keyPairName: 'old',
  restart: false,
});
const RULES = [WEB, BUILD];
const LOOKS = [
  { name: 'web-1', tags: { team: 'web' }, rule: 'web', keyPairName: 'ops' },
  { name: 'build-1', tags: {}, rule: 'build', keyPairName: 'old' },
  { name: 'db-1', tags: {}, rule: undefined, keyPairName: null },
] as const;

/** As in s.yaml. */
const WINDOW_MS = 3_000;

interface Arrival {
  readonly atMs: number;
  readonly event: Buffer;
}

/** Launches of several instances each, reported by every source, sometimes twice, late, and in any order. */
function aStorm(
  random: Random,
  size: number,
  weather: { readonly overMs: number; readonly twice: number; readonly late: number },
) {
  const instances = Array.from({ length: size }, (_, n) => ({
    instanceId: `i-${n}`,
    look: random.pick(LOOKS),
  }));
  const arrivals: Arrival[] = [];
  const told = (launchedMs: number, event: Buffer) => {
    const copies = random.chance(weather.twice) ? 2 : 1;
    for (let n = 0; n < copies; n++) {
      const lateMs = random.chance(weather.late) ? random.between(0, 600_000) : 0;
      arrivals.push({ atMs: launchedMs + random.between(0, 5_000) + lateMs, event });
    }
  };
  for (let first = 0; first < size;) {
    const ids = instances.slice(first, first + random.between(1, 40)).map((one) => one.instanceId);
    first += ids.length;
    const launchedMs = NOW_MS + random.between(0, weather.overMs);
    const time = new Date(launchedMs).toISOString();
    told(launchedMs, aLaunchEvent({ id: `run-${first}`, instanceIds: ids, time }));
    for (const id of ids) told(launchedMs, aStateChange(id, 'Created', time));
    if (random.chance(0.3)) told(launchedMs + 30_000, scaledOut(first, ids, time));
  }
  const snapshots = instances.map(({ instanceId, look: { name, tags } }) => ({
    instanceId,
    name,
    tags,
    createdAtMs: NOW_MS,
  }));
  return { instances, snapshots, arrivals: arrivals.toSorted((a, b) => a.atMs - b.atMs) };
}

function scaledOut(id: number, instanceIds: readonly string[], time: string): Buffer {
  const type = 'ess:ScalingActivity:ScaleOutSuccess';
  const data = { regionId: 'cn-hangzhou', instanceIds };
  return Buffer.from(JSON.stringify({ id: `ess-${id}`, source: 'acs.ess', type, time, data }));
}

type Launches = ReturnType<typeof aLaunchWorld>;

/** One invocation of `restart` that dies at its nth call of a port, before or after what it does. */
async function dying(
  { ports }: Launches,
  bodies: readonly string[],
  nth: number,
  random: Random,
): Promise<'answered' | 'threw' | 'died'> {
  let left = nth;
  let die: (how: 'died') => void = () => {};
  const death = new Promise<'died'>((resolve) => (die = resolve));
  const never = new Promise<never>(() => {});
  const mortal = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, key) => {
        const method = Reflect.get(target, key) as unknown;
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          // Calls that run at the same time take different time.
          for (let turns = random.between(0, 6); turns > 0; turns--) await Promise.resolve();
          left -= 1;
          if (left < 0) return never;
          if (left > 0) return method.apply(target, args) as unknown;
          if (random.chance(0.5)) await method.apply(target, args);
          die('died');
          return never;
        };
      },
    });
  const { ecs, rollouts, memories, queue, deadLetters } = ports;
  const handler = makeRestart({
    ...ports,
    ecs: mortal(ecs),
    rollouts: mortal(rollouts),
    memories: mortal(memories),
    queue: mortal(queue),
    deadLetters: mortal(deadLetters),
  });
  const ofRestart = { ...context, function: { name: 'latchkey-restart', timeout: 120 } };
  const ended = handler(aBatch(bodies), ofRestart).then(
    () => 'answered' as const,
    () => 'threw' as const,
  );
  return Promise.race([ended, death]);
}

/** Delivers every event. Some invocations die, and the time advances. */
async function weatherTheStorm(
  launches: Launches,
  arrivals: readonly Arrival[],
  random: Random,
  { deadly, batch }: { readonly deadly: number; readonly batch: number },
): Promise<void> {
  const { world } = launches;
  const again: { readonly atMs: number; readonly bodies: readonly string[] }[] = [];
  const waiting = [...arrivals];
  let tickedMs = world.now();
  for (let round = 0; round < 5_000; round++) {
    while ((waiting[0]?.atMs ?? Infinity) <= world.now())
      await launches.tell(waiting.shift()!.event);
    // A batch is pushed when its first message has waited for the window, or when it is full.
    const dueMs = (world.queue.nextMs() ?? Infinity) + WINDOW_MS;
    const batches =
      dueMs > world.now()
        ? []
        : Array.from({ length: 3 }, () => random.shuffled(world.queue.receive(batch)));
    const due = again.findIndex(({ atMs }) => atMs <= world.now());
    if (due >= 0) batches.push([...again.splice(due, 1)[0]!.bodies]);
    const full = batches.filter((bodies) => bodies.length > 0);
    const ends = await Promise.all(
      full.map((bodies) => {
        const isDoomed = random.chance(deadly);
        const nth = isDoomed ? random.between(1, 12) : Infinity;
        return dying(launches, bodies, nth, random);
      }),
    );
    // EventBridge delivers an event again that was not answered, 10 to 20 s later.
    for (const [index, end] of ends.entries()) {
      if (end === 'answered') continue;
      again.push({ atMs: world.now() + random.between(10_000, 20_000), bodies: full[index]! });
    }
    if (world.now() - tickedMs >= 60_000) {
      await launches.tick();
      tickedMs = world.now();
    }
    if (full.length > 0) continue;
    const open = await world.rollouts.open();
    const tickMs = open.length > 0 ? tickedMs + 60_000 : Infinity;
    const arrivesMs = waiting[0]?.atMs ?? Infinity;
    const nextMs = Math.min(dueMs, tickMs, arrivesMs, ...again.map(({ atMs }) => atMs));
    if (nextMs === Infinity) return;
    world.pass(Math.max(1, nextMs - world.now()));
  }
  throw new RangeError('Cannot see the end of the storm: 5,000 rounds are over');
}

/** Faults: an instance that is not in exactly one rollout, or has another key. */
function faultsOf(launches: Launches, { instances }: ReturnType<typeof aStorm>): string[] {
  const rules = new Map<string, string[]>();
  for (const { origin, instances: members } of launches.rollouts()) {
    for (const { instanceId } of members) {
      rules.set(instanceId, [...(rules.get(instanceId) ?? []), origin.client]);
    }
  }
  return instances.flatMap(({ instanceId, look }) => {
    const { keyPairName, boots } = launches.world.ecs.look(instanceId);
    const is = `${(rules.get(instanceId) ?? []).join()} ${keyPairName}`;
    const wanted = `${look.rule ?? ''} ${look.keyPairName}`;
    if (is !== wanted) return [`${instanceId}: ${is}, not ${wanted}`];
    return boots > (look.rule === 'web' ? 1 : 0) ? [`${instanceId}: booted ${boots} times`] : [];
  });
}

test('500 launches, each reported three times and in any order, become at most 20 rollouts', async ({
  expect,
}) => {
  for (const seed of [1, 2, 3]) {
    const random = new Random(seed);
    const storm = aStorm(random, 500, { overMs: 60_000, twice: 0.2, late: 0.1 });
    const launches = aLaunchWorld(storm.snapshots, RULES);
    await weatherTheStorm(launches, storm.arrivals, random, { deadly: 0, batch: BATCH });
    expect(faultsOf(launches, storm)).toEqual([]);
    expect(launches.rollouts().length).toBeLessThanOrEqual(20);
    expect(launches.deadLetters.sent).toEqual([]);
  }
});

test('each launch is in exactly one rollout of its rule, wherever an invocation dies', async ({
  expect,
}) => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(0, 0.2, 0.5),
      async (seed, size, deadly) => {
        const random = new Random(seed);
        const overMs = random.between(0, 60_000);
        const storm = aStorm(random, size, { overMs, twice: 0.4, late: 0.2 });
        const launches = aLaunchWorld(storm.snapshots, RULES);
        const batch = random.pick([1, 2, 5, BATCH]);
        await weatherTheStorm(launches, storm.arrivals, random, { deadly, batch });
        expect(faultsOf(launches, storm)).toEqual([]);
        expect(launches.deadLetters.sent).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});

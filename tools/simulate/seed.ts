import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import {
  cleanUp,
  meddle,
  pressSomething,
  reactTo,
  reactToNew,
  sendUntilAnswered,
  type World,
} from './world/people.ts';
import { CAREFUL } from './world/clients.ts';
import { drawRequest } from './world/fleet.ts';
import { Mail } from './world/mail.ts';
import type { StateChange } from '../../test/models/model-ecs.ts';
import { Platform } from './world/platform.ts';
import { POISON_ID, type Reactions } from './world/invocation-ports.ts';
import { modelCloud } from './world/model-cloud.ts';
import { Random } from '../random.ts';
import { Referee } from './referees/referee.ts';
import { CALM } from './world/weather.ts';

/** 2026-09-21T14:13:20Z, a Monday evening in Shanghai: any moment will do. */
const START_MS = 1_790_000_000_000;

const TICK_MS = 60_000;
/** How long trouble lasts, and how long all is calm before the referee judges the end. */
const STORM_MS = { least: 600_000, most: 2_400_000 };
const QUIET_MS = 7_200_000;
/** Every reaction of a person comes within this time. */
const REACTION_MS = 31_000;

export type SeedReport = Awaited<ReturnType<typeof runSeed>>;

/** Runs one seed: everything in it follows from the number. @param isTold whether to keep the story */
export async function runSeed(seed: number, isTold: boolean) {
  const world = makeWorld(new Random(seed), isTold);
  const { referee, wire, story } = world;
  await play(world);
  return {
    seed,
    /** Empty when the seed passed. */
    faults: referee.faults,
    story: story.lines,
    troubles: wire.troubles,
    transitions: referee.transitions,
  };
}

function makeWorld(random: Random, isTold: boolean): World {
  const cloud = modelCloud(random, START_MS, isTold);
  const referee = new Referee(cloud);
  const reactions: Reactions = {
    sent: (messages) => {
      for (const { message } of messages) bodiesOf(message).forEach((body) => referee.sent(body));
      mail.send(messages);
    },
    created: (rollout, by) => reactToNew(world, rollout, by),
    saved: (before, after) => reactTo(world, before, after),
  };
  const platform = new Platform({ ...cloud, referee, reactions });
  const mail = new Mail(cloud, platform);
  const world: World = { ...cloud, referee, platform, sending: new Set() };
  return world;
}

async function play(world: World): Promise<void> {
  const { random, scheduler, ecs, rollouts, referee, wire } = world;
  const fleet = ecs.snapshots();
  const ids = fleet.map(({ instanceId }) => instanceId);
  const calmAtMs = START_MS + random.between(STORM_MS.least, STORM_MS.most);
  const inStorm = () => random.between(START_MS, calmAtMs);

  ecs.onTurnPlanned = (instanceId, atMs) => scheduler.at(atMs, () => ecs.settle(instanceId));
  ecs.onStateChange = (change) => announce(world, change, 0);
  // Instances that are starting or stopping get there, sooner or later.
  for (const { instanceId, status } of fleet) {
    const end = status === 'Stopping' ? 'Stopped' : 'Running';
    if (status === 'Running' || status === 'Stopped') continue;
    scheduler.after(random.between(1_000, 200_000), () => {
      if (ecs.exists(instanceId)) ecs.change(instanceId, { status: end });
    });
  }
  let toCome = 0;
  const expect = (atMs: number, happen: (onEnd: () => void) => void) => {
    toCome += 1;
    scheduler.at(atMs, () => happen(() => (toCome -= 1)));
  };
  const asks = random.chance(0.35) ? random.between(2, 4) : 1;
  for (let i = 0; i < asks; i += 1) {
    const atMs = i === 0 ? START_MS : random.between(START_MS, calmAtMs - 60_000);
    const request = drawRequest(random, fleet);
    const who = random.chance(0.2) ? CAREFUL.who : 'asker';
    const post = { path: '/rollouts', body: request, id: `msg_${i}`, who } as const;
    expect(atMs, (onEnd) => sendUntilAnswered(world, post, onEnd));
  }
  const presses = random.chance(0.6) ? random.between(1, 10) : 0;
  for (let i = 0; i < presses; i += 1) {
    expect(inStorm(), (onEnd) => {
      pressSomething(world);
      onEnd();
    });
  }
  const meddling = random.chance(0.35) ? random.between(1, 5) : 0;
  for (let i = 0; i < meddling; i += 1) scheduler.at(inStorm(), () => meddle(world, ids));
  if (random.chance(0.05)) rollouts.listOnly(POISON_ID, START_MS - 1);
  expect(calmAtMs, (onEnd) => {
    wire.weather = CALM;
    onEnd();
  });
  if (random.chance(0.8)) {
    for (const afterMs of [1, 300_000, 900_000, 1_800_000]) {
      scheduler.at(calmAtMs + afterMs, () => cleanUp(world));
    }
  }
  tick(world);

  // Nothing can be judged in the middle of an invocation or of a request.
  const isIdle = () => world.platform.isIdle() && world.sending.size === 0;
  const isOver = () =>
    referee.faults.length > 0 ||
    (toCome === 0 &&
      isIdle() &&
      scheduler.nowMs() > calmAtMs + REACTION_MS &&
      rollouts.all().every((one) => one.phase === 'done' && !rollouts.isListed(one.rolloutId)));
  await scheduler.run(calmAtMs + QUIET_MS, isOver);
  await scheduler.run(scheduler.nowMs() + TICK_MS, isIdle);
  if (referee.faults.length === 0) referee.judgeTheEnd();
}

function tick(world: World): void {
  const { scheduler, platform } = world;
  scheduler.after(TICK_MS, () => {
    platform.restart(
      { triggerTime: new Date(scheduler.nowMs()).toISOString(), triggerName: 'tick', payload: '' },
      () => {},
    );
    tick(world);
  });
}

const MAX_ANNOUNCEMENTS = 5;

/** EventBridge delivers a state change: late, twice, and again when the function failed. */
function announce(world: World, change: StateChange, tries: number): void {
  const { scheduler, random, platform, weather } = world;
  if (random.chance(weather().deaf)) return;
  const isLate = random.chance(weather().late);
  const delayMs = isLate ? random.between(10_000, 120_000) : random.between(100, 3_000);
  const times = random.chance(weather().twice) ? 2 : 1;
  for (let i = 0; i < times; i += 1) {
    scheduler.after(delayMs * (i + 1), () => {
      platform.restart(
        {
          id: `e-${change.instanceId}-${change.atMs}`,
          source: 'acs.ecs',
          specversion: '1.0',
          type: 'ecs:Instance:StateChange',
          time: new Date(change.atMs).toISOString(),
          data: {
            resourceId: change.instanceId,
            resourceType: 'ALIYUN::ECS::Instance',
            state: change.state,
          },
        },
        (end) => {
          if (end.kind !== 'answered' && tries < MAX_ANNOUNCEMENTS)
            announce(world, change, tries + 1);
        },
      );
    });
  }
}

import { ModelEcs } from '../../../test/models/model-ecs.ts';
import { ModelGate } from '../../../test/models/model-gate.ts';
import { ModelLedger } from '../../../test/models/model-ledger.ts';
import { ModelMemories } from '../../../test/models/model-memories.ts';
import { ModelNotifier } from '../../../test/models/model-notifier.ts';
import { ModelPolicy } from '../../../test/models/model-policy.ts';
import { ModelRollouts } from '../../../test/models/model-rollouts.ts';
import { ModelStop } from '../../../test/models/model-stop.ts';
import type { Random } from '../../random.ts';
import { drawChannels, drawRevocations } from './draw-policy.ts';
import { drawBadTimes, drawBootTimes, drawFleet, drawSchedule, KEY_PAIRS } from './fleet.ts';
import { Letters } from './letters.ts';
import { Scheduler } from './scheduler.ts';
import { storyOf } from './story.ts';
import { drawWeather } from './weather.ts';
import { Wire } from './wire.ts';

/** What the functions run in: virtual time, models of every cloud service, and the trouble. */
export function modelCloud(random: Random, startMs: number, isTold: boolean) {
  const scheduler = new Scheduler(random, startMs);
  const story = storyOf(scheduler, isTold);
  const wire = new Wire(scheduler, random, story, drawWeather(random));
  const ecs = new ModelEcs(scheduler, KEY_PAIRS, drawFleet(random), drawBootTimes(random));
  const gate = random.chance(0.3)
    ? new ModelGate(() => scheduler.nowMs(), drawBadTimes(random, startMs))
    : null;
  return {
    random,
    scheduler,
    story,
    wire,
    weather: () => wire.weather,
    ecs,
    rollouts: new ModelRollouts(),
    memories: new ModelMemories(),
    ledger: new ModelLedger(),
    letters: new Letters(),
    stop: new ModelStop(),
    gate,
    schedule: drawSchedule(random, startMs),
    policy: new ModelPolicy(drawChannels(random), drawRevocations(random, startMs)),
    notifier: new ModelNotifier(drawBadTimes(random, startMs)),
  };
}

export type ModelCloud = Readonly<ReturnType<typeof modelCloud>>;

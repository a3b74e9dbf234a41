import type { Schedule } from '../../shared/domain/model/window.ts';
import type { Mail } from './mail.ts';
import type { ModelEcs } from './model-ecs.ts';
import type { ModelGate, ModelStop } from './model-gate.ts';
import type { ModelPolicy } from './model-policy.ts';
import type { ModelNotifier } from './model-notifier.ts';
import type { ModelLedger, ModelMemories, ModelRollouts } from './model-store.ts';
import type { Platform } from './platform.ts';
import type { Random } from './random.ts';
import type { Referee } from './referee.ts';
import type { Scheduler } from './scheduler.ts';
import type { Story } from './story.ts';
import type { Weather } from './weather.ts';
import type { Wire } from './wire.ts';

/** Everything that one seed is made of. */
export interface World {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly story: Story;
  readonly wire: Wire;
  readonly weather: () => Weather;
  readonly ecs: ModelEcs;
  readonly rollouts: ModelRollouts;
  readonly memories: ModelMemories;
  readonly ledger: ModelLedger;
  readonly stop: ModelStop;
  readonly gate: ModelGate | null;
  readonly schedule: Schedule;
  readonly policy: ModelPolicy;
  readonly notifier: ModelNotifier;
  readonly platform: Platform;
  readonly mail: Mail;
  readonly referee: Referee;
  /** Ids of the requests that somebody waits for an answer to. */
  readonly sending: Set<string>;
}

import type { Schedule } from '../../../shared/domain/model/window.ts';
import type { ModelEcs } from '../../../test/models/model-ecs.ts';
import type { ModelGate } from '../../../test/models/model-gate.ts';
import type { ModelLedger } from '../../../test/models/model-ledger.ts';
import type { ModelMemories } from '../../../test/models/model-memories.ts';
import type { ModelNotifier } from '../../../test/models/model-notifier.ts';
import type { ModelPolicy } from '../../../test/models/model-policy.ts';
import type { ModelRollouts } from '../../../test/models/model-rollouts.ts';
import type { ModelStop } from '../../../test/models/model-stop.ts';
import type { Random } from '../../random.ts';
import type { Letters } from './letters.ts';
import type { Scheduler } from './scheduler.ts';
import type { Story } from './story.ts';
import type { Weather } from './weather.ts';
import type { Wire } from './wire.ts';

/** What the functions run in: virtual time, models of every cloud service, and the trouble. */
export interface ModelCloud {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly story: Story;
  readonly wire: Wire;
  readonly weather: () => Weather;
  readonly ecs: ModelEcs;
  readonly rollouts: ModelRollouts;
  readonly memories: ModelMemories;
  readonly ledger: ModelLedger;
  readonly letters: Letters;
  readonly stop: ModelStop;
  readonly gate: ModelGate | null;
  readonly schedule: Schedule;
  readonly policy: ModelPolicy;
  readonly notifier: ModelNotifier;
}

import type { Referee } from '../referees/referee.ts';
import type { ModelCloud } from './model-cloud.ts';
import type { Platform } from './platform.ts';

/** Everything that one seed is made of. */
export interface World extends ModelCloud {
  readonly platform: Platform;
  readonly referee: Referee;
  /** Ids of the requests whose sender still waits for an answer. */
  readonly sending: Set<string>;
}

import type { InstanceId } from './instance.ts';

/** What told of a launch. Only ActionTrail says who launched, and by which template. */
export type LaunchSource = 'action-trail' | 'state-change' | 'auto-scaling';

/** One instance that was launched, as events told of it. */
export interface Launch {
  readonly instanceId: InstanceId;
  readonly regionId: string;
  /** null: the event does not say. */
  readonly accountId: string | null;
  /** Every name that whoever launched it goes by, for people first; null: the event does not say. */
  readonly launchedBy: readonly string[] | null;
  /** Ids and names, [] for none; null: the event does not say. */
  readonly launchTemplates: readonly string[] | null;
  /** Source and id of the event: the same for every delivery of it. */
  readonly eventKey: string;
  readonly eventName: string;
  readonly source: LaunchSource;
  /** When it was launched, as far as is known; often to the second. */
  readonly atMs: number;
  /** No event that could tell more is waited for any longer. */
  readonly lastCall: boolean;
  /** How often it could not be answered, for whatever reason. */
  readonly tries: number;
}

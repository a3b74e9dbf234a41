import type { InstanceId } from './instance.ts';

/** The source that reported a launch. Only ActionTrail names who launched and the template. */
export type LaunchSource = 'action-trail' | 'state-change' | 'auto-scaling';

/** One launched instance, as events reported it. */
export interface Launch {
  readonly instanceId: InstanceId;
  readonly regionId: string;
  /** null: the event does not say. */
  readonly accountId: string | null;
  /** All names of the launcher, the most readable first; null: the event does not say. */
  readonly launchedBy: readonly string[] | null;
  /** Ids and names, [] for none; null: the event does not say. */
  readonly launchTemplates: readonly string[] | null;
  /** Source and id of the event: the same for each delivery. */
  readonly eventKey: string;
  readonly eventName: string;
  readonly source: LaunchSource;
  /** When it was launched, as far as known; often to the second. */
  readonly atMs: number;
  /** No further event is awaited. */
  readonly lastCall: boolean;
  /** How often it could not be processed. */
  readonly tries: number;
}

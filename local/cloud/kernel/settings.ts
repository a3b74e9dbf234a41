/** The settings of the local cloud. Durations are in milliseconds. */
export interface CloudSettings {
  readonly accountId: string;
  readonly regionId: string;
  /** The account's own key. Function instances get STS credentials of their own. */
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** How long a throttled "minute" lasts: https://help.aliyun.com/zh/ecs/developer-reference/api-throttling */
  readonly minuteMs: number;
  /** Added to every API call before it is carried out. */
  readonly latencyMs: number;
  /** The seed of all random choices, so that a run can be repeated. */
  readonly seed: number;
  readonly ecs: {
    /** RunInstances: Pending takes this long, then Starting. */
    readonly pendingMs: number;
    readonly startingMs: number;
    readonly stoppingMs: number;
    /** Whether `StartTime` changes on a reboot. Not documented. */
    readonly startTimeMovesOnReboot: boolean;
    /** The documents show both forms of TotalCount, FailCount, Code and Success. */
    readonly answerTypes: 'strings' | 'json';
    /** Whether an unknown id fails on its own or refuses the whole call. Not documented. */
    readonly attachUnknownId: 'instance' | 'request';
  };
  readonly eventbridge: {
    /** From the event to its delivery. */
    readonly deliveryDelayMs: number;
    /** Whether a function error counts as a failed delivery: only implied by the documents. */
    readonly functionErrorFails: boolean;
    /** Multiplies every retry pause: 1 = as documented (10 to 20 s). */
    readonly retryPauseFactor: number;
  };
  readonly fc: {
    /** Function instances of one function at the same time. */
    readonly maxInstancesPerFunction: number;
  };
}

export const DEFAULT_SETTINGS: CloudSettings = {
  accountId: '1000000000000000',
  regionId: 'cn-hangzhou',
  accessKeyId: 'latchkey-local',
  accessKeySecret: 'latchkey-local-secret',
  minuteMs: 60_000,
  latencyMs: 0,
  seed: 1,
  ecs: {
    pendingMs: 1_000,
    startingMs: 1_500,
    stoppingMs: 1_000,
    startTimeMovesOnReboot: false,
    answerTypes: 'strings',
    attachUnknownId: 'instance',
  },
  eventbridge: { deliveryDelayMs: 50, functionErrorFails: true, retryPauseFactor: 1 },
  fc: { maxInstancesPerFunction: 4 },
};

/** Any part of the settings. What is left out keeps its default. */
export type SettingsChange = {
  readonly [K in keyof CloudSettings]?: CloudSettings[K] extends object
    ? Partial<CloudSettings[K]>
    : CloudSettings[K];
};

export function settingsWith(change: SettingsChange): CloudSettings {
  const { ecs, eventbridge, fc, ...plain } = change;
  return {
    ...DEFAULT_SETTINGS,
    ...plain,
    ecs: { ...DEFAULT_SETTINGS.ecs, ...ecs },
    eventbridge: { ...DEFAULT_SETTINGS.eventbridge, ...eventbridge },
    fc: { ...DEFAULT_SETTINGS.fc, ...fc },
  };
}

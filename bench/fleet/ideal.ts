/**
 * The least time that a rollout of N healthy instances takes, given the latency and the batch size of
 * each call. Processor time and waits for the queue are left out. Every row of `answerChain` is a step
 * that cannot begin before the step above has been answered.
 */

export interface Limits {
  readonly attachIds: number;
  readonly restartIds: number;
  readonly describeIds: number;
  /** The most rows of one BatchGetRow, and of one BatchWriteRow. */
  readonly readRows: number;
  readonly writeRows: number;
  readonly queueMessages: number;
  /** The most calls of one kind in flight at once. */
  readonly ecsInFlight: number;
  readonly storeInFlight: number;
  readonly queueInFlight: number;
}

export interface Times {
  /** How long one call to any service takes. */
  readonly latencyMs: number;
  /** From the answer to RebootInstances until the instance is Running. */
  readonly bootMs: number;
  /** From that answer to the first status read, and between the two reads that make it ready. */
  readonly firstLookMs: number;
  readonly readyGapMs: number;
}

export interface ChainLink {
  readonly what: string;
  /** How many calls follow one another. */
  readonly rounds: number;
}

/** The steps from the request to its answer. */
export function answerChain(instances: number, limits: Limits): readonly ChainLink[] {
  const rounds = (size: number, inFlight: number) =>
    Math.ceil(Math.ceil(instances / size) / inFlight);
  const { ecsInFlight, storeInFlight, queueInFlight } = limits;
  return [
    { what: 'record the request id, before the request is read', rounds: 1 },
    { what: 'check whether the rollout exists', rounds: 1 },
    {
      what: 'describe the instances, and recall them from the store at the same time',
      rounds: Math.max(
        rounds(limits.describeIds, ecsInFlight),
        rounds(limits.readRows, storeInFlight),
      ),
    },
    { what: 'count the open rollouts of the client', rounds: 1 },
    { what: 'list the rollout in the index, before its row is written', rounds: 1 },
    { what: 'save the rollout with its plan, before anything is done', rounds: 1 },
    { what: 'hold every instance', rounds: rounds(limits.writeRows, storeInFlight) },
    { what: 'save that they are held', rounds: 1 },
    { what: 'attach', rounds: rounds(limits.attachIds, ecsInFlight) },
    { what: 'save the outcomes, before they are published', rounds: 1 },
    { what: 'publish the outcomes', rounds: rounds(limits.queueMessages, queueInFlight) },
    { what: 'save that they are published', rounds: 1 },
    { what: 'write the audit trail, and update the cards at the same time', rounds: 1 },
  ];
}

export function idealAnswerMs(instances: number, limits: Limits, { latencyMs }: Times): number {
  return answerChain(instances, limits).reduce((sum, { rounds }) => sum + rounds, 0) * latencyMs;
}

/** The sizes of the waves: a canary, then at most `maxUnavailable` each. */
export function wavesOf(instances: number, maxUnavailable: number): readonly number[] {
  const waves = [1];
  for (let left = instances - 1; left > 0; left -= maxUnavailable) {
    waves.push(Math.min(left, maxUnavailable));
  }
  return waves;
}

/**
 * The answer, and then for each wave a call, the boot and two status reads. Batches of one step are
 * sent at once.
 */
export function idealReadyMs(
  instances: number,
  waves: readonly number[],
  limits: Limits,
  times: Times,
): number {
  const { latencyMs, bootMs, firstLookMs, readyGapMs } = times;
  const wave = latencyMs + Math.max(bootMs, firstLookMs) + readyGapMs + latencyMs;
  return idealAnswerMs(instances, limits, times) + waves.length * wave;
}

/** The fewest calls to ECS, by action. */
export function minimalCalls(
  instances: number,
  waves: readonly number[],
  limits: Limits,
): Readonly<Record<string, number>> {
  const calls = (ids: number, size: number) => Math.ceil(ids / size);
  const looks = waves.reduce((sum, wave) => sum + 2 * calls(wave, limits.describeIds), 0);
  return {
    DescribeKeyPairs: 1,
    DescribeInstances: calls(instances, limits.describeIds) + looks,
    AttachKeyPair: calls(instances, limits.attachIds),
    RebootInstances: waves.reduce((sum, wave) => sum + calls(wave, limits.restartIds), 0),
  };
}

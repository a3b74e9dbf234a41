/**
 * What a rollout of N healthy instances takes at least, given what a call takes and what one call may
 * hold: no processor time, no wait for the queue. Every row of `answerChain` is one step that cannot
 * begin before the one above it has been answered, and why.
 */

export interface Limits {
  readonly attachIds: number;
  readonly restartIds: number;
  readonly describeIds: number;
  /** Rows of one BatchGetRow, and of one BatchWriteRow. */
  readonly readRows: number;
  readonly writeRows: number;
  readonly queueMessages: number;
  /** Calls of one kind in flight at once. */
  readonly ecsInFlight: number;
  readonly storeInFlight: number;
  readonly queueInFlight: number;
}

export interface Times {
  /** Of one call to any service. */
  readonly latencyMs: number;
  /** From the answer to RebootInstances to Running. */
  readonly bootMs: number;
  /** From that answer to the first look, and between the two looks that make an instance ready. */
  readonly firstLookMs: number;
  readonly readyGapMs: number;
}

export interface ChainLink {
  readonly what: string;
  /** Calls one after the other. */
  readonly rounds: number;
}

/** One after the other, from the request to its answer. */
export function answerChain(instances: number, limits: Limits): readonly ChainLink[] {
  const rounds = (size: number, inFlight: number) =>
    Math.ceil(Math.ceil(instances / size) / inFlight);
  const { ecsInFlight, storeInFlight, queueInFlight } = limits;
  return [
    { what: 'the request is taken under its id, before it is read', rounds: 1 },
    { what: 'whether it was asked before', rounds: 1 },
    {
      what: 'describing, and recalling beside it',
      rounds: Math.max(
        rounds(limits.describeIds, ecsInFlight),
        rounds(limits.readRows, storeInFlight),
      ),
    },
    { what: 'how many rollouts the client has', rounds: 1 },
    { what: 'the place in the index, which comes before its row', rounds: 1 },
    { what: 'the rollout with its plan, before anything is done', rounds: 1 },
    { what: 'taking every instance for it', rounds: rounds(limits.writeRows, storeInFlight) },
    { what: 'that they are taken', rounds: 1 },
    { what: 'attaching', rounds: rounds(limits.attachIds, ecsInFlight) },
    { what: 'the outcomes, before they are told', rounds: 1 },
    { what: 'telling them', rounds: rounds(limits.queueMessages, queueInFlight) },
    { what: 'that they are told', rounds: 1 },
    { what: 'the audit trail and, beside it, the cards', rounds: 1 },
  ];
}

export function idealAnswerMs(instances: number, limits: Limits, { latencyMs }: Times): number {
  return answerChain(instances, limits).reduce((sum, { rounds }) => sum + rounds, 0) * latencyMs;
}

/** A canary first, then waves of at most `maxUnavailable`. */
export function wavesOf(instances: number, maxUnavailable: number): readonly number[] {
  const waves = [1];
  for (let left = instances - 1; left > 0; left -= maxUnavailable) {
    waves.push(Math.min(left, maxUnavailable));
  }
  return waves;
}

/**
 * The answer, then for one wave after the other: the call, the boot, and two looks. What is called in
 * several batches goes out at once.
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

/** Calls to ECS, by action. */
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

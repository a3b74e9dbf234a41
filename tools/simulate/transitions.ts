const FROM_TO: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  phase: {
    open: 'closing',
    closing: 'done',
    // A person retries an instance.
    done: 'open',
  },
  approval: { waiting: 'approved denied expired changed' },
  control: {
    going: 'paused halted aborted',
    paused: 'going aborted',
    halted: 'going aborted',
  },
  attach: {
    waiting: 'due skipped',
    due: 'attached failed skipped unknown waiting',
    unknown: 'attached due skipped',
  },
  restart: {
    due: 'claimed dropped none',
    claimed: 'booting due failed unknown',
    booting: 'ready failed',
    // The instance did not stay up until the next wave.
    ready: 'failed',
    failed: 'due dropped',
    unknown: 'due dropped',
    // Aborted while the attach call was under way; the call failed then.
    dropped: 'none',
  },
};

/**
 * Every transition of a rollout; docs/workflow.md shows them as diagrams. A transition that is not
 * listed here is a fault. One that a long run does not take is a fault of the run.
 */
export const TRANSITIONS: readonly string[] = Object.entries(FROM_TO).flatMap(([what, table]) =>
  Object.entries(table).flatMap(([from, all]) =>
    all.split(' ').map((to) => `${what}: ${from} → ${to}`),
  ),
);

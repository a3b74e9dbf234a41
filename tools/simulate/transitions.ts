/**
 * Every transition of a rollout; docs/workflow.md shows them as diagrams. A transition that is not
 * listed here is a fault. One that a long run does not take is a fault of the run.
 */
export const TRANSITIONS: readonly string[] = [
  'phase: open → closing',
  'phase: closing → done',
  // A person retries an instance.
  'phase: done → open',

  'approval: waiting → approved',
  'approval: waiting → denied',
  'approval: waiting → expired',
  'approval: waiting → changed',

  'control: going → paused',
  'control: going → halted',
  'control: going → aborted',
  'control: paused → going',
  'control: paused → aborted',
  'control: halted → going',
  'control: halted → aborted',

  'attach: waiting → due',
  'attach: waiting → skipped',
  'attach: due → attached',
  'attach: due → failed',
  'attach: due → skipped',
  'attach: due → unknown',
  'attach: due → waiting',
  'attach: unknown → attached',
  'attach: unknown → due',
  'attach: unknown → skipped',

  'restart: due → claimed',
  'restart: due → dropped',
  'restart: due → none',
  'restart: claimed → booting',
  'restart: claimed → due',
  'restart: claimed → failed',
  'restart: claimed → unknown',
  'restart: booting → ready',
  'restart: booting → failed',
  // The instance did not stay up until the next wave.
  'restart: ready → failed',
  'restart: failed → due',
  'restart: failed → dropped',
  'restart: unknown → due',
  'restart: unknown → dropped',
  // Aborted while the attach call was under way; the call failed then.
  'restart: dropped → none',
];

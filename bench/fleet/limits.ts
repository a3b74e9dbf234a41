import {
  MAX_ATTACH_IDS,
  MAX_DESCRIBE_IDS,
  MAX_RESTART_IDS,
} from '../../shared/domain/model/ports.ts';
import { LOOK_MS, READY_GAP_MS } from '../../shared/domain/workflow/restarting.ts';
import { IN_FLIGHT } from '../../shared/domain/rollouts/carry-out.ts';
import { BATCHES_IN_FLIGHT } from '../../shared/outbound/smq/smq-sender.ts';
import { MAX_BATCH_MESSAGES } from '../../shared/outbound/smq/batches.ts';
import { CALLS_IN_FLIGHT } from '../../shared/outbound/store/instance-rows.ts';
import { MAX_READ_ROWS, MAX_WRITE_ROWS } from '../../shared/outbound/tablestore/limits.ts';
import { BOOT, LATENCY_MS } from './fleets.ts';
import type { Limits, Times } from './ideal.ts';

/** The limits of the cloud and our own parallelism, as the product uses them. */
export const LIMITS: Limits = {
  attachIds: MAX_ATTACH_IDS,
  restartIds: MAX_RESTART_IDS,
  describeIds: MAX_DESCRIBE_IDS,
  readRows: MAX_READ_ROWS,
  writeRows: MAX_WRITE_ROWS,
  queueMessages: MAX_BATCH_MESSAGES,
  ecsInFlight: IN_FLIGHT,
  storeInFlight: CALLS_IN_FLIGHT,
  queueInFlight: BATCHES_IN_FLIGHT,
};

export const TIMES: Times = {
  latencyMs: LATENCY_MS,
  bootMs: BOOT.stoppingMs + BOOT.startingMs,
  firstLookMs: LOOK_MS.first,
  readyGapMs: READY_GAP_MS,
};

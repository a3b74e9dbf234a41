import type { Log } from '../../shared/domain/model/ports.ts';
import { ecsOverSdk } from '../../shared/outbound/ecs/ecs-over-sdk.ts';
import { keptSockets } from '../../shared/outbound/sockets.ts';
import { everyMemory, tablestoreMemories } from '../../shared/outbound/store/instance-memories.ts';
import { tablestoreClient } from '../../shared/outbound/tablestore/client.ts';
import type { CloudAccess, CloudPorts } from './cloud-ports.ts';

/** Longer than in the functions, because waiting costs nothing here: our own choice. */
export const CALL_MS = 10_000;

/** Errors are printed, so nothing is logged. */
export const NO_LOG: Log = () => {};

export function tablestoreOf(access: CloudAccess) {
  return {
    endpoint: access.tablestoreEndpoint,
    instanceName: access.tablestoreInstance,
    credentials: access.credentials,
    sockets: keptSockets(),
    log: NO_LOG,
    deadlineMs: CALL_MS,
  };
}

/** In a file of its own, so that only commands that call the cloud load the SDK. */
export function cloudOverSdk(access: CloudAccess): CloudPorts {
  const { regionId, credentials } = access;
  const store = tablestoreClient(tablestoreOf(access));
  return {
    ecs: ecsOverSdk({
      regionId,
      endpoint: access.ecsEndpoint,
      credentials,
      nowMs: () => Date.now(),
      log: NO_LOG,
    }),
    memories: tablestoreMemories(store, regionId),
    everyMemory: () => everyMemory(store, regionId),
  };
}

import type { Log } from '../../shared/domain/ports.ts';
import { ecsOverSdk } from '../../shared/outbound/ecs/ecs-over-sdk.ts';
import { keptSockets } from '../../shared/outbound/sockets.ts';
import { everyMemory } from '../../shared/outbound/store/every-memory.ts';
import { tablestoreMemories } from '../../shared/outbound/store/instance-memories.ts';
import { tablestoreClient } from '../../shared/outbound/tablestore/client.ts';
import type { CloudAccess, CloudPorts } from './cloud-ports.ts';

/** As patient as the functions are with the store, and then some: nobody pays for the wait here. */
const STORE_CALL_MS = 10_000;

/** A person reads the error itself. */
const NO_LOG: Log = () => {};

/** In a file of its own, so that only what asks the cloud loads the SDK. */
export function cloudOverSdk(place: CloudAccess): CloudPorts {
  const { regionId, credentials } = place;
  const store = tablestoreClient({
    endpoint: place.tablestoreEndpoint,
    instanceName: place.tablestoreInstance,
    credentials,
    sockets: keptSockets(),
    log: NO_LOG,
    deadlineMs: STORE_CALL_MS,
  });
  return {
    ecs: ecsOverSdk({
      regionId,
      endpoint: place.ecsEndpoint,
      credentials,
      nowMs: () => Date.now(),
      log: NO_LOG,
    }),
    memories: tablestoreMemories(store, regionId),
    everyMemory: () => everyMemory(store, regionId),
  };
}

import {
  type TablestoreClient,
  tablestoreClient,
} from '../../shared/outbound/tablestore/client.ts';
import { type Base, STORE_CALL_MS } from '../entry.ts';

/** A client for the tables. @param deadlineMs of one call; there are up to two repetitions */
export function storeOf(
  { settings, credentials, sockets, log }: Base,
  deadlineMs = STORE_CALL_MS,
): TablestoreClient {
  return tablestoreClient({
    endpoint: settings.tablestoreEndpoint,
    instanceName: settings.tablestoreInstance,
    credentials,
    sockets,
    log,
    deadlineMs,
  });
}

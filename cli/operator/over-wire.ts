import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PROBE } from '../../shared/domain/messages.ts';
import { ecsOverSdk } from '../../shared/outbound/ecs/ecs-over-sdk.ts';
import { queueAdmin } from '../../shared/outbound/smq/queue-admin.ts';
import { smqQueue } from '../../shared/outbound/smq/smq-queue.ts';
import { smqReader } from '../../shared/outbound/smq/smq-reader.ts';
import { keptSockets } from '../../shared/outbound/sockets.ts';
import { readAudit } from '../../shared/outbound/store/audit-trail.ts';
import { tablestoreRollouts } from '../../shared/outbound/store/rollouts.ts';
import { REQUESTS } from '../../shared/outbound/store/tables.ts';
import { tablestoreClient } from '../../shared/outbound/tablestore/client.ts';
import { tableAdmin } from '../../shared/outbound/tablestore/table-admin.ts';
import { invoke } from '../invoke/invoke.ts';
import type { OperatorPlace, OperatorPorts } from './ports.ts';

/** Nobody pays for the wait here: our own choice. */
const CALL_MS = 10_000;
/** A person reads the error itself. */
const log = () => {};

/** In a file of its own, so that only what needs it loads the SDKs. */
export function operatorOverWire(place: OperatorPlace): OperatorPorts {
  const { regionId, accountId, credentials, tablestoreInstance: instanceName } = place;
  const common = { credentials, sockets: keptSockets(), deadlineMs: CALL_MS };
  const smq = { endpoint: place.smqEndpoint, ...common };
  const tablestore = { endpoint: place.tablestoreEndpoint, instanceName, ...common };
  const store = tablestoreClient({ ...tablestore, log });
  return {
    queue: (queueName) => queueAdmin({ ...smq, queueName }),
    tables: tableAdmin(tablestore),
    ecs: ecsOverSdk({
      regionId,
      endpoint: place.ecsEndpoint,
      credentials,
      nowMs: () => Date.now(),
      log,
    }),
    probe: {
      queue: smqQueue({ ...smq, queueName: place.queues.results, log }),
      id: randomUUID(),
      nowMs: () => Date.now(),
      pause: (ms) => pause(ms),
      async isAnswered(id) {
        const key = [
          ['client', PROBE.client],
          ['requestId', id],
        ] as const;
        return (await store.getRow({ table: REQUESTS.name, key })) !== undefined;
      },
    },
    audit: (fromMs, untilMs) => readAudit(store, fromMs, untilMs),
    async openRollouts() {
      const open = await tablestoreRollouts(store, { log }).open();
      return [...new Set(open.map(({ rolloutId }) => rolloutId))];
    },
    reader: (queueName) => smqReader({ ...smq, queueName }),
    sender: (queueName) => smqQueue({ ...smq, queueName, log }),
    invoke: async (call, timeoutMs) =>
      invoke(
        {
          accountId,
          regionId,
          endpoint: place.fcEndpoint,
          credentials: await credentials(),
          timeoutMs,
        },
        call,
      ),
  };
}

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PROBE_CLIENT } from '../../shared/domain/rollouts/probe.ts';
import { ecsOverSdk } from '../../shared/outbound/ecs/ecs-over-sdk.ts';
import { queueAdmin } from '../../shared/outbound/smq/queue-admin.ts';
import { smqSender } from '../../shared/outbound/smq/smq-sender.ts';
import { smqReader } from '../../shared/outbound/smq/smq-reader.ts';
import { keptSockets } from '../../shared/outbound/sockets.ts';
import { readAudit } from '../../shared/outbound/store/audit-trail.ts';
import { tablestoreRollouts } from '../../shared/outbound/store/rollouts.ts';
import { REQUESTS } from '../../shared/outbound/store/tables.ts';
import { tablestoreClient } from '../../shared/outbound/tablestore/client.ts';
import { tableAdmin } from '../../shared/outbound/tablestore/table-admin.ts';
import type { FcTarget } from '../invoke/fc-client.ts';
import { invoke } from '../invoke/invoke.ts';
import { listTriggers } from '../invoke/list-triggers.ts';
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
  const sender = (queueName: string) => smqSender({ ...smq, queueName, log });
  const fcTarget = async (timeoutMs: number): Promise<FcTarget> => ({
    accountId,
    regionId,
    endpoint: place.fcEndpoint,
    credentials: await credentials(),
    timeoutMs,
  });
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
      sender,
      newId: randomUUID,
      nowMs: () => Date.now(),
      pause: (ms) => pause(ms),
      async answerTo(id) {
        const key = [
          ['client', PROBE_CLIENT],
          ['requestId', id],
        ] as const;
        const row = await store.getRow({ table: REQUESTS.name, key });
        return row === undefined ? undefined : String(row.columns.get('digest'));
      },
    },
    triggersOf: async (functionName) => listTriggers(await fcTarget(CALL_MS), functionName),
    audit: (fromMs, untilMs) => readAudit(store, fromMs, untilMs),
    async openRollouts() {
      const open = await tablestoreRollouts(store, { log }).open();
      return [...new Set(open.map(({ rolloutId }) => rolloutId))];
    },
    invoke: async (call, timeoutMs) => invoke(await fcTarget(timeoutMs), call),
    reader: (queueName) => smqReader({ ...smq, queueName }),
    sender,
  };
}

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PROBE_CLIENT } from '../../shared/domain/rollouts/probe.ts';
import { queueAdmin } from '../../shared/outbound/smq/queue-admin.ts';
import { smqReader } from '../../shared/outbound/smq/smq-reader.ts';
import { smqSender } from '../../shared/outbound/smq/smq-sender.ts';
import { readAudit } from '../../shared/outbound/store/audit-trail.ts';
import { tablestoreRollouts } from '../../shared/outbound/store/rollouts.ts';
import { REQUESTS } from '../../shared/outbound/store/tables.ts';
import { tablestoreClient } from '../../shared/outbound/tablestore/client.ts';
import { tableAdmin } from '../../shared/outbound/tablestore/table-admin.ts';
import { CALL_MS, cloudOverSdk, NO_LOG as log, tablestoreOf } from '../cloud/cloud-over-sdk.ts';
import type { FcTarget } from '../invoke/fc-client.ts';
import { invoke } from '../invoke/invoke.ts';
import { listTriggers } from '../invoke/list-triggers.ts';
import type { OperatorAccess, OperatorPorts } from './operator-ports.ts';

/** In a file of its own, so that only commands that need it load the SDKs. */
export function operatorOverWire(access: OperatorAccess): OperatorPorts {
  const { regionId, accountId, credentials } = access;
  const tablestore = tablestoreOf(access);
  const { sockets, deadlineMs } = tablestore;
  const smq = { endpoint: access.smqEndpoint, credentials, sockets, deadlineMs };
  const store = tablestoreClient(tablestore);
  const sender = (queueName: string) => smqSender({ ...smq, queueName, log });
  const fcTarget = async (timeoutMs: number): Promise<FcTarget> => ({
    accountId,
    regionId,
    endpoint: access.fcEndpoint,
    credentials: await credentials(),
    timeoutMs,
  });
  return {
    queue: (queueName) => queueAdmin({ ...smq, queueName }),
    tables: tableAdmin(tablestore),
    ecs: cloudOverSdk(access).ecs,
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

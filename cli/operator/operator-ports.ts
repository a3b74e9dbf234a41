import type { AuditEntry } from '../../shared/domain/model/audit.ts';
import type { SmqReader } from '../../shared/outbound/smq/smq-reader.ts';
import type { SmqSender } from '../../shared/outbound/smq/smq-sender.ts';
import type { CloudAccess } from '../cloud/cloud-ports.ts';
import type { DoctorPorts } from '../doctor/doctor.ts';
import type { InvokeCall, Invoked } from '../invoke/invoke.ts';

/** How to call everything that an operator sets up, reads and repairs. */
export interface OperatorAccess extends CloudAccess {
  readonly accountId: string;
  readonly smqEndpoint: string;
  readonly fcEndpoint: string;
  readonly queues: {
    readonly results: string;
    readonly chat: string;
    readonly deadLetters: string;
  };
}

export interface OperatorPorts extends Omit<DoctorPorts, 'http'> {
  /** Oldest first. Times are milliseconds since the epoch; `untilMs` is exclusive. */
  audit(fromMs: number, untilMs: number): AsyncIterable<AuditEntry>;
  /** Ids of the rollouts that are not over. */
  openRollouts(): Promise<readonly string[]>;
  reader(queueName: string): SmqReader;
  sender(queueName: string): SmqSender;
  invoke(call: InvokeCall, timeoutMs: number): Promise<Invoked>;
}

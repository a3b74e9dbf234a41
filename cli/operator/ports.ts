import type { SmqSender } from '../../shared/outbound/smq/smq-sender.ts';
import type { AuditEntry } from '../../shared/domain/model/audit.ts';
import type { DoctorPorts } from '../doctor/doctor.ts';
import type { InvokeCall, Invoked } from '../invoke/invoke.ts';
import type { CredentialSource } from '../../shared/outbound/credentials.ts';
import type { SmqReader } from '../../shared/outbound/smq/smq-reader.ts';

/** Where everything is that whoever operates Latchkey makes, reads and mends. */
export interface OperatorPlace {
  readonly regionId: string;
  readonly accountId: string;
  readonly ecsEndpoint: string | undefined;
  readonly smqEndpoint: string;
  readonly tablestoreEndpoint: string;
  readonly tablestoreInstance: string;
  readonly fcEndpoint: string;
  readonly queues: {
    readonly results: string;
    readonly chat: string;
    readonly deadLetters: string;
  };
  readonly credentials: CredentialSource;
}

/** The parts of it. */
export interface OperatorPorts extends Omit<DoctorPorts, 'fetch' | 'fetchAt'> {
  /** Oldest first. Times are milliseconds since the epoch; `untilMs` is not in it. */
  audit(fromMs: number, untilMs: number): AsyncIterable<AuditEntry>;
  /** Rollouts that are not over. */
  openRollouts(): Promise<readonly string[]>;
  /** What lies in a queue, by its name. */
  reader(queueName: string): SmqReader;
  /** Fills a queue, by its name. */
  sender(queueName: string): SmqSender;
  invoke(call: InvokeCall, timeoutMs: number): Promise<Invoked>;
}

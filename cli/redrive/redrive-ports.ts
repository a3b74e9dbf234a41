import type { SmqReader } from '../../shared/outbound/smq/smq-reader.ts';
import type { OperatorAccess, OperatorPorts } from '../operator/operator-ports.ts';

/** What moves dead letters. */
export interface RedrivePorts extends Pick<OperatorPorts, 'sender' | 'invoke'> {
  readonly queues: OperatorAccess['queues'];
  readonly deadLetters: SmqReader;
  readonly nowMs: () => number;
}

import type { Queue } from '../../shared/domain/ports.ts';
import type { SmqReader } from '../../shared/outbound/smq/smq-reader.ts';
import type { OperatorAccess, OperatorPorts } from '../operator/operator-ports.ts';

/** What moves dead letters. */
export interface RedrivePorts {
  readonly queues: OperatorAccess['queues'];
  readonly deadLetters: SmqReader;
  readonly sender: (queueName: string) => Queue;
  readonly invoke: OperatorPorts['invoke'];
  readonly nowMs: () => number;
}

export function redrivePorts(
  { queues }: Pick<OperatorAccess, 'queues'>,
  { reader, sender, invoke }: Pick<OperatorPorts, 'reader' | 'sender' | 'invoke'>,
  nowMs: () => number,
): RedrivePorts {
  return { queues, deadLetters: reader(queues.deadLetters), sender, invoke, nowMs };
}

import type { SmqSender } from '../../shared/outbound/smq/smq-sender.ts';
import type { SmqReader } from '../../shared/outbound/smq/smq-reader.ts';
import type { OperatorPlace, OperatorPorts } from '../operator/ports.ts';

/** What moves dead letters. */
export interface RedriveParts {
  readonly queues: OperatorPlace['queues'];
  readonly deadLetters: SmqReader;
  readonly sender: (queueName: string) => SmqSender;
  readonly invoke: OperatorPorts['invoke'];
  readonly nowMs: () => number;
}

export function redriveParts(
  { queues }: Pick<OperatorPlace, 'queues'>,
  { reader, sender, invoke }: Pick<OperatorPorts, 'reader' | 'sender' | 'invoke'>,
  nowMs: () => number,
): RedriveParts {
  return { queues, deadLetters: reader(queues.deadLetters), sender, invoke, nowMs };
}

import type { Message } from '../../domain/model/messages.ts';
import type { Queue } from '../../domain/model/ports.ts';
import { smqSender, type SmqSenderOptions } from './smq-sender.ts';

/**
 * The port `Queue` over `smqSender`: encodes each message as one text or several.
 *
 * @param bodiesOf the texts of a message: `codec.ts`, or the encoder of the only message that is sent
 * @throws {TypeError} for an endpoint or a queue name that cannot be used
 */
export function smqQueue<M extends Message = Message>(
  options: SmqSenderOptions,
  bodiesOf: (message: M) => string[],
): Queue<M> {
  const sender = smqSender(options);
  return {
    async send(messages) {
      const bodies = messages.map(({ message }) => bodiesOf(message));
      const texts = messages.flatMap(({ delaySeconds }, index) =>
        bodies[index]!.map((body) => ({ body, delaySeconds })),
      );
      const results = (await sender.send(texts)).values();
      return bodies.map((some) =>
        some.map(() => results.next().value).find((error) => error !== undefined),
      );
    },
  };
}

import * as v from 'valibot';
import type { Message } from '../../domain/model/messages.ts';
import { Card, cardBody } from './card.ts';
import { deadBody } from './dead.ts';
import { Launch, launchBody } from './launch.ts';
import { Launches, launchesBodies } from './launches.ts';
import { Notice, noticeBody } from './notice.ts';
import { Order, orderBody } from './order.ts';
import { Probe, probeBody } from './probe.ts';
import { Reply, replyBody } from './reply.ts';
import { Result, resultBody } from './result.ts';
import { Wake, wakeBody } from './wake.ts';

/** What the function `restart` reads. */
export const ResultsQueueMessage = v.variant('schema', [
  Result,
  Wake,
  Launch,
  Launches,
  Probe,
  Notice,
  Order,
]);

/** What the function `messenger` reads. */
export const ChatQueueMessage = v.variant('schema', [Card, Reply, Probe]);

/** The JSON texts that carry a message: one, and several only for many launches. */
export function bodiesOf(message: Message): string[] {
  const bodies = message.kind === 'launches' ? launchesBodies(message) : [fieldsOf(message)];
  return bodies.map((body) => JSON.stringify(body));
}

function fieldsOf(message: Exclude<Message, { readonly kind: 'launches' }>): object {
  switch (message.kind) {
    case 'wake':
      return wakeBody(message);
    case 'result':
      return resultBody(message);
    case 'launch':
      return launchBody(message);
    case 'notice':
      return noticeBody(message);
    case 'order':
      return orderBody(message);
    case 'reply':
      return replyBody(message);
    case 'card':
      return cardBody(message);
    case 'probe':
      return probeBody(message);
    case 'dead':
      return deadBody(message, (about) => bodiesOf(about).join('\n'));
  }
}

import * as v from 'valibot';
import type { Message } from '../../domain/model/messages.ts';
import { once } from '../../lib/once.ts';
import { cardBody, cardSchema } from './card.ts';
import { deadBody } from './dead.ts';
import { launchBody, launchSchema } from './launch.ts';
import { launchesBodies, launchesSchema } from './launches.ts';
import { noticeBody, noticeSchema } from './notice.ts';
import { orderBody, orderSchema } from './order.ts';
import { probeBody, probeSchema } from './probe.ts';
import { replyBody, replySchema } from './reply.ts';
import { resultBody, resultSchema } from './result.ts';
import { wakeBody, wakeSchema } from './wake.ts';

// Made when they are first asked for: a function that only sends has no schema in its bundle.

/** The schema of what the function `restart` reads. */
export const resultsQueueMessage = /* @__PURE__ */ once(() =>
  v.variant('schema', [
    resultSchema(),
    wakeSchema(),
    launchSchema(),
    launchesSchema(),
    probeSchema(),
    noticeSchema(),
    orderSchema(),
  ]),
);

/** The schema of what the function `messenger` reads. */
export const chatQueueMessage = /* @__PURE__ */ once(() =>
  v.variant('schema', [cardSchema(), replySchema(), probeSchema()]),
);

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

import * as v from 'valibot';
import type { Message, MessageOf } from '../../domain/model/messages.ts';
import { fieldsOf } from '../../lib/json-fields.ts';
import { once } from '../../lib/once.ts';
import { cardSchema } from './card.ts';
import { deadBody } from './dead.ts';
import { launchSchema } from './launch.ts';
import { launchesBodies, launchesSchema } from './launches.ts';
import { noticeBody, noticeSchema } from './notice.ts';
import { orderSchema } from './order.ts';
import { probeSchema } from './probe.ts';
import { replySchema } from './reply.ts';
import { resultSchema } from './result.ts';
import { wakeSchema } from './wake.ts';

// A message is written as its fields after the name of its schema, `latchkey.<kind>/1`. A file beside this one
// has an encoder where there is more to it. A schema is made when its first message comes: a function that only
// sends has none in its bundle, and a wake does not wait for the schema of an order.

/** The schema of what the function `restart` reads. */
export const resultsQueueMessage = /* @__PURE__ */ once(() =>
  oneOf({
    result: resultSchema,
    wake: wakeSchema,
    launch: launchSchema,
    launches: launchesSchema,
    probe: probeSchema,
    notice: noticeSchema,
    order: orderSchema,
  }),
);

/** The schema of what the function `messenger` reads. */
export const chatQueueMessage = /* @__PURE__ */ once(() =>
  oneOf({ card: cardSchema, reply: replySchema, probe: probeSchema }),
);

type Kind = Message['kind'];
type Schemas = Readonly<Partial<Record<Kind, () => v.GenericSchema<unknown, object>>>>;

/** A message of one of these kinds. */
function oneOf<S extends Schemas>(schemas: S) {
  const made = new Map(
    Object.entries(schemas).map(([kind, make]) => [nameOf(kind), once(make)] as const),
  );
  const noneOfThem = v.object({ schema: v.picklist([...made.keys()]) });
  return v.pipe(
    v.lazy((input) => made.get(String(fieldsOf(input)['schema']))?.() ?? noneOfThem),
    v.transform((wire) => messageIn(wire as { schema: string }) as MessageOf<keyof S & Kind>),
  );
}

const nameOf = (kind: string) => `latchkey.${kind}/1`;

/** The kinds whose fields are one value of the domain: the message holds it under the name of its kind. */
const IN_ONE = ['result', 'launch', 'notice', 'order', 'reply'];

function messageIn({ schema, ...fields }: { readonly schema: string }): object {
  const kind = schema.slice('latchkey.'.length, -'/1'.length);
  return IN_ONE.includes(kind) ? { kind, [kind]: fields } : { kind, ...fields };
}

/** The JSON texts that carry a message: one, and several only for many launches. */
export function bodiesOf(message: Message): string[] {
  const bodies = message.kind === 'launches' ? launchesBodies(message) : [wireOf(message)];
  return bodies.map((body) => JSON.stringify(body));
}

function wireOf(message: Exclude<Message, { readonly kind: 'launches' }>): object {
  if (message.kind === 'notice') return noticeBody(message);
  if (message.kind === 'dead') return deadBody(message, (about) => bodiesOf(about).join('\n'));
  const { kind, ...fields } = message;
  const written: object = IN_ONE.includes(kind) ? Reflect.get(fields, kind) : fields;
  return { schema: nameOf(kind), ...written };
}

import * as v from 'valibot';
import type { Launch } from '../../domain/model/launch.ts';
import type { Message, MessageOf } from '../../domain/model/messages.ts';
import type { NoticeMessage } from '../../domain/model/notice-message.ts';
import { once } from '../../lib/once.ts';
import { cardFields, replyToFields } from '../chat-fields.ts';
import { InstanceIdText, RolloutIdText } from '../names.ts';
import { launchEntries, launchSchema } from './launch.ts';
import { orderSchema } from './order.ts';

// Schemas are made when they are first asked for: a function that only sends has none in its bundle.

/** `schema` in the JSON of a message: its kind and version. */
const nameOf = <K extends Message['kind']>(kind: K) => `latchkey.${kind}/1` as const;
const schema = <K extends Message['kind']>(kind: K) => ({ schema: v.literal(nameOf(kind)) });

const wholeFrom = (least: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least));

const ofRollout = <K extends 'wake' | 'card'>(kind: K) =>
  v.pipe(
    v.object({ ...schema(kind), rolloutId: RolloutIdText }),
    v.transform(({ rolloutId }) => ({ kind, rolloutId })),
  );

/** A later version may send more fields than these. */
const resultSchema = () =>
  v.pipe(
    v.object({
      ...schema('result'),
      rolloutId: RolloutIdText,
      regionId: v.string(),
      keyPairName: v.nullable(v.string()),
      instanceId: InstanceIdText,
      outcome: v.looseObject({
        kind: v.picklist(['attached', 'failed', 'skipped', 'unknown', 'waiting']),
      }),
      next: v.picklist(['reboot', 'start', 'none']),
      attachedAtMs: v.exactOptional(v.number()),
    }),
    v.transform(({ schema: _schema, ...result }): MessageOf<'result'> => {
      return { kind: 'result', result };
    }),
  );

const launchesSchema = () =>
  v.pipe(
    v.object({ ...schema('launches'), launches: v.array(v.object(launchEntries())) }),
    v.transform(({ launches }): MessageOf<'launches'> => ({ kind: 'launches', launches })),
  );

const noticeSchema = () =>
  v.pipe(
    v.object({
      ...schema('notice'),
      id: v.string(),
      rolloutId: RolloutIdText,
      channel: v.string(),
      kind: v.picklist(['approval-needed', 'break-glass', 'halted', 'ended']),
      atMs: v.number(),
      attempt: v.number(),
      data: v.record(v.string(), v.unknown()),
    }),
    v.transform(({ schema: _schema, ...notice }): MessageOf<'notice'> => {
      return { kind: 'notice', notice };
    }),
  );

const probeSchema = () =>
  v.pipe(
    v.object({
      ...schema('probe'),
      id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/)),
    }),
    v.transform(({ id }): MessageOf<'probe'> => ({ kind: 'probe', id })),
  );

const replySchema = () =>
  v.pipe(
    v.object({
      ...schema('reply'),
      /** Longest id: our own choice, several times as long as any of ours. */
      id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
      to: replyToFields(),
      card: cardFields(),
      attempt: v.optional(wholeFrom(1), 1),
    }),
    v.transform(({ schema: _schema, ...reply }): MessageOf<'reply'> => ({ kind: 'reply', reply })),
  );

/** The schema of what the function `restart` reads. */
export const resultsQueueMessage = /* @__PURE__ */ once(() =>
  v.variant('schema', [
    resultSchema(),
    ofRollout('wake'),
    launchSchema(),
    launchesSchema(),
    probeSchema(),
    noticeSchema(),
    orderSchema(),
  ]),
);

/** The schema of what the function `messenger` reads. */
export const chatQueueMessage = /* @__PURE__ */ once(() =>
  v.variant('schema', [ofRollout('card'), replySchema(), probeSchema()]),
);

/** A letter of ours in the dead-letter queue. `text`: the message that could not be processed, or its id. */
export const DeadLetter = /* @__PURE__ */ v.object({
  schema: v.literal('latchkey.dead/1'),
  why: v.fallback(v.string(), 'not known'),
  text: v.fallback(v.string(), ''),
});

/** The JSON texts that carry a message: one, and several only for many launches. */
export function bodiesOf(message: Message): string[] {
  const bodies = message.kind === 'launches' ? packed(message.launches) : [fieldsOf(message)];
  return bodies.map((body) => JSON.stringify({ schema: nameOf(message.kind), ...body }));
}

function fieldsOf(message: Exclude<Message, { readonly kind: 'launches' }>): object {
  switch (message.kind) {
    case 'wake':
    case 'card':
      return { rolloutId: message.rolloutId };
    case 'result':
      return message.result;
    case 'launch':
      return message.launch;
    case 'notice': {
      const { data, ...about } = message.notice;
      return { ...about, data: { ...data, nextCalls: nextCallsOf(message.notice) } };
    }
    case 'order':
      return message.order;
    case 'reply': {
      const { id, to, card, attempt } = message.reply;
      return { id, to, card, attempt };
    }
    case 'probe':
      return { id: message.id };
    case 'dead': {
      const { why, about } = message;
      return { why, text: typeof about === 'string' ? about : bodiesOf(about).join('\n') };
    }
  }
}

/** Most bytes of launches in one message: in base64 they fit into the 64 KB that a queue takes. */
const MAX_BYTES = 44_000;

/** As few bodies as can be. */
function packed(launches: readonly Launch[]): object[] {
  const bodies: { readonly launches: Launch[] }[] = [];
  let bytes = Infinity;
  for (const launch of launches) {
    const more = Buffer.byteLength(JSON.stringify(launch)) + 1;
    if (bytes + more > MAX_BYTES) {
      bodies.push({ launches: [] });
      bytes = 0;
    }
    bodies.at(-1)!.launches.push(launch);
    bytes += more;
  }
  return bodies;
}

/** Method and path of what the receiver can ask for next: what is sent with them is in docs/http.md. */
function nextCallsOf({ kind, rolloutId }: NoticeMessage): string[] {
  const path = `/rollouts/${rolloutId}`;
  const see = `GET ${path}`;
  switch (kind) {
    case 'approval-needed':
      return [see, `POST ${path}/approve`, `POST ${path}/deny`];
    case 'halted':
      return [see, `POST ${path}/resolve`, `POST ${path}/resume`, `POST ${path}/abort`];
    case 'break-glass':
      return [see, `POST ${path}/pause`, `POST ${path}/abort`];
    case 'ended':
      return [see];
  }
}

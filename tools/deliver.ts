import { DEFAULT_SETTINGS } from '../local/cloud/kernel/settings.ts';
import { readHttpEvent } from '../shared/inbound/fc.ts';
import { parseWebhookSecret } from '../shared/contract/webhook-secret.ts';
import { signWebhook } from '../shared/contract/webhook-signature.ts';
import { smqSender } from '../shared/outbound/smq/smq-sender.ts';
import { keptSockets } from '../shared/outbound/sockets.ts';
import type { SampleEntry } from './samples.ts';
import { signedInvocation } from './signed-invocation.ts';

/** The endpoints of the local cloud, as URLs without a path. */
export interface Endpoints {
  readonly attach: string;
  readonly smq: string;
  readonly fc: string;
  readonly eventBridge: string;
}

export interface Delivered {
  /** What was sent, in words. */
  readonly sent: string;
  readonly answer: string;
  readonly ok: boolean;
}

export interface DeliverOptions {
  readonly endpoints: Endpoints;
  /** Called only when a secret is needed. */
  readonly webhookSecret: () => Promise<string>;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** s.yaml, `vars.queue`. */
const QUEUE = 'latchkey-results';
const { accessKeyId, accessKeySecret } = DEFAULT_SETTINGS;

/**
 * Sends a sample to the endpoint of its trigger. The sample gets a new id and the current time, so that
 * it does not count as a repetition.
 *
 * @throws {Error} when nothing listens on the port
 */
export async function deliver(
  entry: SampleEntry,
  bytes: Buffer,
  options: DeliverOptions,
): Promise<Delivered[]> {
  if (entry.trigger === 'queue') return overQueue(entry, bytes, options);
  const request = { http: overHttp, eventbridge: overBus, timer: overApi }[entry.trigger];
  return [await exchange(entry, await request(entry, bytes, options))];
}

/** What is sent, in words and for `fetch`. */
interface Outgoing {
  readonly sent: string;
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: Buffer;
}

async function overHttp(
  _entry: SampleEntry,
  bytes: Buffer,
  { endpoints, webhookSecret, now, newId }: DeliverOptions,
): Promise<Outgoing> {
  const { method, rawPath, query, headers, body } = readHttpEvent(bytes);
  const search = new URLSearchParams(query).toString();
  const target = search === '' ? rawPath : `${rawPath}?${search}`;
  const signature = signWebhook({
    secret: parseWebhookSecret(await webhookSecret()),
    id: `msg_${newId()}`,
    timestampSec: Math.floor(now().getTime() / 1_000),
    // A GET has no body, so its method and path are signed.
    body: method === 'GET' ? `GET ${target}` : body,
  });
  const type = headers['content-type'];
  return {
    sent: `${method} ${target}, signed as ${signature['webhook-id']}`,
    url: `${endpoints.attach}${target}`,
    method,
    headers: { ...signature, ...(type === undefined ? {} : { 'content-type': type }) },
    ...(method === 'GET' ? {} : { body }),
  };
}

function overBus(
  _entry: SampleEntry,
  bytes: Buffer,
  { endpoints, now, newId }: DeliverOptions,
): Outgoing {
  const sample = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  const event = { ...sample, id: newId(), time: now().toISOString() };
  return {
    sent: `event ${String(sample['type'])} as ${event.id}`,
    url: `${endpoints.eventBridge}/events`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(event)),
  };
}

/** A timer has no endpoint, so the function is invoked directly. */
function overApi(
  entry: SampleEntry,
  bytes: Buffer,
  { endpoints, now, newId }: DeliverOptions,
): Outgoing {
  const sample = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  const triggerTime = now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  const body = Buffer.from(JSON.stringify({ ...sample, triggerTime }));
  const functionName = `latchkey-${entry.function}`;
  const credentials = { accessKeyId, accessKeySecret };
  const call = { endpoint: endpoints.fc, functionName, body, credentials, now: now() };
  return {
    sent: `call of ${functionName} with ${body.toString('utf8')}`,
    ...signedInvocation({ ...call, nonce: newId() }),
  };
}

async function exchange(entry: SampleEntry, { sent, url, ...init }: Outgoing): Promise<Delivered> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (codeOf(error) === 'ECONNREFUSED') throw notRunning(entry, url);
    throw new Error(`Cannot send "events/${entry.file}": ${codeOf(error)}`, { cause: error });
  }
  const text = await response.text();
  const failure = response.headers.get('x-fc-error-type');
  const answer = [response.status, failure, text.trim()].filter(Boolean).join(' ');
  return { sent, answer, ok: response.ok && failure === null };
}

/** `fetch` says only "fetch failed"; the reason is in the cause. */
function codeOf(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? String(error);
}

function notRunning(entry: SampleEntry, url: string): Error {
  const { port } = new URL(url);
  return new Error(
    `Cannot send "events/${entry.file}": nothing listens on port ${port}, start the local cloud with "npm start"`,
  );
}

async function overQueue(
  entry: SampleEntry,
  bytes: Buffer,
  { endpoints }: DeliverOptions,
): Promise<Delivered[]> {
  const bodies = messageBodiesOf(JSON.parse(bytes.toString('utf8')));
  const queue = smqSender({
    endpoint: endpoints.smq,
    queueName: QUEUE,
    credentials: () => Promise.resolve({ accessKeyId, accessKeySecret }),
    sockets: keptSockets(),
    log: () => undefined,
  });
  const results = await queue.send(bodies.map((body) => ({ body, delaySeconds: 0 })));
  return bodies.map((body, i) => {
    const error = results[i];
    if (error?.code === 'unreachable') throw notRunning(entry, endpoints.smq);
    const sent = `message to ${QUEUE}: ${body}`;
    return error === undefined
      ? { sent, answer: 'taken', ok: true }
      : { sent, answer: error.message, ok: false };
  });
}

/** The bodies of one message or a batch, with or without an envelope, as objects or JSON texts. */
function messageBodiesOf(value: unknown): string[] {
  const elements: unknown[] = Array.isArray(value) ? value : [value];
  return elements.map((element) => {
    const message = (typeof element === 'string' ? JSON.parse(element) : element) as {
      readonly messageBody?: string;
      readonly data?: { readonly messageBody: string };
    };
    return message.data?.messageBody ?? message.messageBody ?? '';
  });
}

import { signedHeaders, signedTarget, triggerEvent } from '../../test/models/trigger-event.ts';
import type { Random } from '../random.ts';
import { anyCall, type Call } from './calls.ts';
import type { Known } from './known.ts';
import { anyBytes, anyText, jsonText, mutateBytes, mutateValue } from './mutate.ts';

/** What requests are signed with, and when. */
export interface Signing {
  readonly secretText: string;
  readonly regionId: string;
  readonly nowMs: number;
}

/** A secret that no client has. */
const WRONG_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDLQk9Lhl2uC0=';
const HEADERS = ['Webhook-Id', 'Webhook-Timestamp', 'Webhook-Signature', 'Content-Type'];

/** The event of an HTTP request. Some are valid; most are wrong in one way or another. */
export function httpInput(known: Known, random: Random, signing: Signing): Buffer {
  if (random.chance(0.03)) return anyBytes(random.between(0, 200), random);
  const call = anyCall(known, random, signing.regionId);
  const id = random.chance(0.1)
    ? random.pick(known.requestIds)
    : `msg_${random.between(0, 2 ** 40)}`;
  known.learnRequestId(id);
  const event = eventOf(call, bodyOf(call, random), id, random, signing);
  if (random.chance(0.6)) return Buffer.from(JSON.stringify(event));
  const spoilt = spoil(event, random);
  const bytes = Buffer.from(jsonText(spoilt, random));
  return random.chance(0.1) ? mutateBytes(bytes, random) : bytes;
}

/** The body that is sent and signed. It may be wrong, so that the rules behind the signature are reached. */
function bodyOf({ body }: Call, random: Random): Buffer {
  if (body === undefined) return random.chance(0.95) ? Buffer.alloc(0) : anyBytes(9, random);
  if (random.chance(0.5)) return Buffer.from(JSON.stringify(body));
  if (random.chance(0.02)) return Buffer.alloc(random.pick([65_536, 65_537, 200_000]), 0x20);
  const text = jsonText(random.chance(0.8) ? mutateValue(body, random) : body, random);
  const bytes = Buffer.from(text);
  return random.chance(0.2) ? mutateBytes(bytes, random) : bytes;
}

type HttpEvent = ReturnType<typeof triggerEvent>;

function eventOf(
  { method, path, query }: Call,
  body: Buffer,
  id: string,
  random: Random,
  { secretText, nowMs }: Signing,
): HttpEvent {
  const offSec = random.chance(0.05) ? random.pick([-3_600, -301, -300, 300, 301, 3_600]) : 0;
  const headers = signedHeaders(method === 'GET' ? signedTarget({ method, path, query }) : body, {
    secret: random.chance(0.05) ? WRONG_SECRET : secretText,
    id,
    timestampSec: Math.floor(nowMs / 1_000) + offSec,
  });
  const isText = random.chance(0.9);
  const text = body.toString(isText ? 'utf8' : 'base64');
  const event = triggerEvent({ method, path, query, headers, body: text });
  return { ...event, isBase64Encoded: !isText };
}

/** Changes one thing, so that the event differs from what was signed or from what the platform sends. */
function spoil(event: HttpEvent, random: Random): unknown {
  const name = random.pick(HEADERS);
  const { headers } = event;
  const withHeaders = (more: Readonly<Record<string, string | undefined>>) => ({
    ...event,
    headers: { ...headers, ...more },
  });
  const withHttp = (method: string, path: string) => ({
    ...event,
    rawPath: path,
    requestContext: { http: { method, path, sourceIp: '192.0.2.1' } },
  });
  const methods = ['PUT', 'DELETE', 'HEAD', 'get', '', 'POST', 'GET'];
  return random.pick<() => unknown>([
    // JSON leaves it out.
    () => withHeaders({ [name]: undefined }),
    () => withHeaders({ [name]: anyText(random) }),
    () => withHeaders({ [name.toLowerCase()]: headers[name] }),
    () => withHeaders(manyHeaders(random)),
    () => ({ ...event, body: mutateBytes(Buffer.from(event.body), random).toString('utf8') }),
    () => withHttp('POST', random.chance(0.5) ? `/${anyText(random)}` : `${event.rawPath}/`),
    () => withHttp(random.pick(methods), event.rawPath),
    () => mutateValue(event, random),
  ])();
}

function manyHeaders(random: Random): Record<string, string> {
  if (random.chance(0.5)) return { 'Content-Length': random.pick(['999999', '-1', 'x', '1e9']) };
  return Object.fromEntries(
    Array.from({ length: random.pick([1, 100, 2_000]) }, (_, i) => [`X-${i}`, anyText(random)]),
  );
}

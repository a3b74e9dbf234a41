import { randomUUID } from 'node:crypto';
import type { Policy } from '../../shared/domain/policy.ts';
import type { WebhookSecret } from '../../shared/inbound/webhook-secret.ts';
import { signWebhook } from '../../shared/inbound/webhook-signature.ts';
import { fault, type Finding, ok, skipped } from './finding.ts';
import { UNUSED_INSTANCE_ID } from './unused-instance-id.ts';

/** One HTTP request to the webhook; rejects when there is no answer. */
export type Fetch = (request: {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<{
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}>;

export interface WebhookPatient {
  readonly fetch: Fetch;
  readonly secret: WebhookSecret;
  readonly policy: Policy;
  readonly regionId: string;
  readonly nowMs: () => number;
}

/** As far as the clocks may be apart: the webhook takes five minutes, so one is early enough. Our own choice. */
const MAX_SKEW_MS = 60_000;

/** From the outside: whether it lives, lets nobody in who does not sign, and carries a dry run out. */
export async function checkWebhook(patient: WebhookPatient): Promise<Finding[]> {
  const found: Finding[] = [];
  try {
    for await (const finding of findings(patient)) found.push(finding);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const mend = 'deploy it (npm run deploy), or give the right --url';
    found.push(fault('webhook', `no answer: ${why}`, mend));
  }
  return found;
}

/** @throws {Error} when there is no answer */
async function* findings(patient: WebhookPatient): AsyncGenerator<Finding> {
  const { fetch, nowMs } = patient;
  const alive = await fetch({ method: 'GET', path: '/healthz', headers: {}, body: '' });
  const clock = checkClock(alive.headers['date'], nowMs());
  if (alive.status !== 200) {
    const detail = `GET /healthz answers ${alive.status} ${alive.body.slice(0, 300)}`;
    yield fault(
      'webhook',
      detail,
      'look at the log of latchkey-attach: a setting that is wrong ends its start',
    );
    yield clock;
    return;
  }
  yield ok('webhook', 'GET /healthz');
  yield clock;
  yield await checkUnsigned(patient);
  const signed = await checkSigned(patient);
  yield signed;
  if (signed.state === 'ok') yield await checkDryRun(patient);
}

function checkClock(date: string | undefined, nowMs: number): Finding {
  const check = 'clock';
  const theirsMs = Date.parse(date ?? '');
  if (Number.isNaN(theirsMs)) return skipped(check, 'the answer has no Date');
  const skewMs = nowMs - theirsMs;
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return ok(check, `${seconds} s apart`);
  const detail = `this machine is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}`;
  return fault(check, detail, 'set the clock: signatures are taken within five minutes');
}

async function checkUnsigned({ fetch }: WebhookPatient): Promise<Finding> {
  const check = 'webhook, unsigned';
  const { status } = await fetch({ method: 'GET', path: '/rollouts', headers: {}, body: '' });
  if (status === 401) return ok(check, 'refused');
  const detail = `GET /rollouts without a signature answers ${status}, not 401`;
  return fault(check, detail, 'something else answers at this address: give the right --url');
}

async function checkSigned(patient: WebhookPatient): Promise<Finding> {
  const seen = await signed(patient, 'GET', '/rollouts?limit=1', '');
  const check = 'webhook, signed';
  if (seen.status === 401) {
    const mend = 'give the secret that the function has, and see that the clocks agree';
    return fault(check, 'GET /rollouts is not taken: 401', mend);
  }
  if (seen.status !== 200) return fault(check, said(seen), mendOf(seen.status));
  return ok(check, 'GET /rollouts');
}

/** Of an instance that nobody has: reads ECS and the store with the function's own role. */
async function checkDryRun(patient: WebhookPatient): Promise<Finding> {
  const check = 'dry run';
  const [keyPair] = patient.policy.clients.flatMap(({ keyPairs }) => keyPairs);
  if (keyPair === undefined) return skipped(check, 'the policy lets no client attach a key pair');
  const body = JSON.stringify({
    regionId: patient.regionId,
    keyPairName: keyPair.name,
    instanceIds: [UNUSED_INSTANCE_ID],
    restart: 'never',
    dryRun: true,
    note: 'latchkey doctor',
  });
  const answer = await signed(patient, 'POST', '/rollouts', body);
  if (answer.status === 200) return ok(check, `of key pair ${keyPair.name}`);
  return fault(check, said(answer), mendOf(answer.status));
}

function signed(
  { fetch, secret, nowMs }: WebhookPatient,
  method: 'GET' | 'POST',
  path: string,
  body: string,
) {
  const headers = signWebhook({
    secret,
    id: `msg_${randomUUID()}`,
    timestampSec: Math.floor(nowMs() / 1_000),
    body: method === 'GET' ? `GET ${path}` : body,
  });
  return fetch({ method, path, headers: { ...headers, 'content-type': 'application/json' }, body });
}

function said({ status, body }: { readonly status: number; readonly body: string }): string {
  return `answers ${status} ${body.slice(0, 300)}`;
}

function mendOf(status: number): string {
  if (status === 403) return 'see what policy.json lets this client do: docs/policy.md';
  if (status === 502) return "see the role's permissions: docs/permissions.md";
  return 'look at the log of latchkey-attach';
}

import { randomUUID } from 'node:crypto';
import type { Policy } from '../../shared/domain/model/policy.ts';
import { parseEndpoint } from '../../shared/outbound/endpoint.ts';
import { type Endpoint, sendSigned } from '../api/client.ts';
import type { Http, HttpAnswer } from '../api/http.ts';
import { UNUSED_INSTANCE_ID } from './cloud-checks.ts';
import { fault, type Finding, ok, skipped } from './finding.ts';

interface WebhookInput extends Endpoint {
  readonly http: Http;
  readonly policy: Policy;
  readonly regionId: string;
  readonly nowMs: () => number;
}

/** For one request, a cold start included: our own choice. */
const TIMEOUT_MS = 30_000;
/** Clock skew to report. The webhook accepts five minutes, so this is early enough. Our own choice. */
const MAX_SKEW_MS = 60_000;

/** Checks from outside that the webhook answers, rejects unsigned requests, and carries out a dry run. */
export async function checkWebhook(input: WebhookInput): Promise<Finding[]> {
  const found: Finding[] = [];
  try {
    for await (const finding of findings(input)) found.push(finding);
  } catch (error) {
    found.push(noAnswer('webhook', error, 'deploy it (npm run deploy), or give the right --url'));
  }
  return found;
}

/** @throws {Error} when there is no answer */
async function* findings(input: WebhookInput): AsyncGenerator<Finding> {
  const health = await unsigned(input, '/healthz');
  const finding = healthFinding('webhook', health, startFix('latchkey-attach'));
  yield finding;
  yield checkClock(health.headers['date'], input.nowMs());
  if (finding.state !== 'ok') return;
  yield await checkUnsigned(input);
  const signedFinding = await checkSigned(input);
  yield signedFinding;
  if (signedFinding.state === 'ok') yield await checkDryRun(input);
}

/** Checks that the chat door answers, which it does only with all its secrets. */
export async function checkChatDoor(http: Http, url: string): Promise<Finding> {
  const mend = startFix('latchkey-chat');
  try {
    parseEndpoint(url);
    return healthFinding('chat door', await unsigned({ http, url }, '/healthz'), mend);
  } catch (error) {
    return noAnswer('chat door', error, mend);
  }
}

const startFix = (functionName: string) =>
  `read the log of ${functionName}: it does not start with a wrong setting`;

function healthFinding(check: string, health: HttpAnswer, mend: string): Finding {
  if (health.status === 200) return ok(check, 'GET /healthz');
  return fault(check, `GET /healthz ${answerText(health)}`, mend);
}

function noAnswer(check: string, error: unknown, mend: string): Finding {
  return fault(check, `no answer: ${error instanceof Error ? error.message : String(error)}`, mend);
}

function checkClock(date: string | undefined, nowMs: number): Finding {
  const check = 'clock';
  const theirsMs = Date.parse(date ?? '');
  if (Number.isNaN(theirsMs)) return skipped(check, 'the answer has no Date');
  const skewMs = nowMs - theirsMs;
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return ok(check, `${seconds} s apart`);
  const detail = `this machine is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}`;
  return fault(check, detail, 'set the clock: a signature is valid for five minutes');
}

async function checkUnsigned(input: WebhookInput): Promise<Finding> {
  const check = 'webhook, unsigned';
  const { status } = await unsigned(input, '/rollouts');
  if (status === 401) return ok(check, 'refused');
  const detail = `GET /rollouts without a signature answers ${status}, not 401`;
  return fault(check, detail, 'another service answers at this address: give the right --url');
}

async function checkSigned(input: WebhookInput): Promise<Finding> {
  const check = 'webhook, signed';
  const answer = await signed(input, '/rollouts?limit=1');
  if (answer.status === 200) return ok(check, 'GET /rollouts');
  if (answer.status !== 401) return fault(check, answerText(answer), mendOf(answer.status));
  const mend = 'use the secret that the function has, and check that the clocks agree';
  return fault(check, 'GET /rollouts is refused with 401', mend);
}

/** Plans for an instance that does not exist, which reads ECS and the store with the function's own role. */
async function checkDryRun(input: WebhookInput): Promise<Finding> {
  const check = 'dry run';
  const [keyPair] = input.policy.clients.flatMap(({ keyPairs }) => keyPairs);
  if (keyPair === undefined) return skipped(check, 'the policy lets no client attach a key pair');
  const request = {
    regionId: input.regionId,
    keyPairName: keyPair.name,
    instanceIds: [UNUSED_INSTANCE_ID],
    restart: 'never',
    dryRun: true,
    note: 'latchkey doctor',
  };
  const answer = await signed(input, '/rollouts', JSON.stringify(request));
  if (answer.status === 200) return ok(check, `of key pair ${keyPair.name}`);
  return fault(check, answerText(answer), mendOf(answer.status));
}

function unsigned(
  { http, url }: Pick<WebhookInput, 'http' | 'url'>,
  path: string,
): Promise<HttpAnswer> {
  const options = { headers: {}, body: undefined, timeoutMs: TIMEOUT_MS };
  return http({ method: 'GET', url: `${url}${path}`, ...options });
}

/** A POST with a body, else a GET. */
function signed(input: WebhookInput, path: string, body?: string): Promise<HttpAnswer> {
  const method = body === undefined ? 'GET' : 'POST';
  const id = `msg_${randomUUID()}`;
  return sendSigned(input, { method, path, body, id, timeoutMs: TIMEOUT_MS }, input);
}

function answerText({ status, body }: HttpAnswer): string {
  return `answers ${status} ${body.slice(0, 300)}`;
}

function mendOf(status: number): string {
  if (status === 403) return 'check what policy.json permits this client: docs/policy.md';
  if (status === 502) return "check the role's permissions: docs/permissions.md";
  return 'read the log of latchkey-attach';
}

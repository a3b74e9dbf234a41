import { test } from 'vitest';
import { refusal } from '../../local/cloud/fc/api/signature.ts';
import { virtualClock } from '../../local/cloud/kernel/clock.ts';
import { createKernel, type Kernel } from '../../local/cloud/kernel/kernel.ts';
import { serve } from '../../local/cloud/kernel/serve.ts';
import { listen } from '../../local/http/listen.ts';
import { settingsWith } from '../../local/cloud/kernel/settings.ts';
import type { WireReply, WireRequest } from '../../local/http/wire.ts';
import { createSmq } from '../../local/cloud/smq/index.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { verifyWebhook } from '../../shared/contract/webhook-signature.ts';
import { deliver, type Delivered, type Endpoints } from '../../tools/deliver.ts';
import { readManifest, readSample } from '../../tools/samples.ts';

/** The example secret of the Standard Webhooks specification. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLLSw';

/** A port that was free a moment ago: nothing listens there. */
async function deserted(): Promise<number> {
  const server = await listen(0, () => Promise.resolve('silence'));
  await server.close();
  return server.port;
}

async function send(file: string, door: keyof Endpoints, port: number): Promise<Delivered[]> {
  const entry = (await readManifest()).find((other) => other.file === file);
  if (entry === undefined) throw new Error(`no sample ${file}`);
  const nowhere = { attach: '', smq: '', fc: '', eventBridge: '' };
  return deliver(entry, await readSample(file), {
    endpoints: { ...nowhere, [door]: `http://127.0.0.1:${port}` },
    webhookSecret: () => Promise.resolve(SECRET),
    now: () => new Date(),
    newId: () => 'FRESH-ID',
  });
}

/** Sends a sample to a server that keeps what comes in. */
async function received(
  file: string,
  door: keyof Endpoints,
  reply: Partial<WireReply> = {},
): Promise<{ readonly request: WireRequest; readonly delivered: Delivered }> {
  const requests: WireRequest[] = [];
  const server = await listen(0, (request) => {
    requests.push(request);
    return Promise.resolve({ status: 200, headers: {}, body: 'thanks', ...reply });
  });
  try {
    const [delivered] = await send(file, door, server.port);
    return { request: requests[0]!, delivered: delivered! };
  } finally {
    await server.close();
  }
}

const aKernel = (): Kernel =>
  createKernel({ settings: settingsWith({}), clock: virtualClock(Date.now()) });

test('a webhook sample is signed anew, as a request of now', async ({ expect }) => {
  const { request, delivered } = await received('http-rollout-base64.json', 'attach');
  expect(request.method).toBe('POST');
  expect(request.path).toBe('/rollouts');
  expect(request.body.toString('utf8')).toContain('密钥轮换');
  const { id } = verifyWebhook({
    headers: request.headers,
    body: request.body,
    secrets: [parseWebhookSecret(SECRET)],
    nowMs: Date.now(),
  });
  expect(id).toBe('msg_FRESH-ID');
  expect(delivered).toMatchObject({ answer: '200 thanks', ok: true });
});

test('a GET is signed by what it asks for', async ({ expect }) => {
  const { request } = await received('http-status.json', 'attach');
  expect(() =>
    verifyWebhook({
      headers: request.headers,
      body: Buffer.from(`GET ${request.path}`),
      secrets: [parseWebhookSecret(SECRET)],
      nowMs: Date.now(),
    }),
  ).not.toThrow();
});

test('an event goes to the bus under an id of its own', async ({ expect }) => {
  const { request } = await received('launch-run-instances-console.json', 'eventBridge');
  expect(request.path).toBe('/events');
  const event = JSON.parse(request.body.toString('utf8')) as Record<string, unknown>;
  expect(event).toMatchObject({ id: 'FRESH-ID', type: 'ecs:ActionTrail:ConsoleOperation' });
  expect(Math.abs(Date.parse(String(event['time'])) - Date.now())).toBeLessThan(60_000);
});

test('a tick is a call of the function that the host takes for signed', async ({ expect }) => {
  const { request } = await received('timer-tick.json', 'fc');
  expect(request.path).toBe('/2023-03-30/functions/latchkey-restart/invocations');
  expect(refusal(request, 'api', aKernel().account, Date.now())).toBeUndefined();
  expect(
    refusal({ ...request, path: '/other' }, 'api', aKernel().account, Date.now()),
  ).toBeDefined();
  expect(JSON.parse(request.body.toString('utf8'))).toMatchObject({ triggerName: 'tick' });
});

test('a function that failed is no success, though the host answers 200', async ({ expect }) => {
  const headers = { 'x-fc-error-type': 'UnhandledInvocationError' };
  const { delivered } = await received('timer-tick.json', 'fc', { headers });
  expect(delivered).toMatchObject({ answer: '200 UnhandledInvocationError thanks', ok: false });
});

test.for([
  'queue-object.json',
  'queue-array.json',
  'queue-array-of-strings.json',
  'queue-raw-data.json',
])('every message of %s goes into the queue', async (file, { expect }) => {
  const kernel = aKernel();
  const smq = createSmq(kernel);
  smq.createQueue('latchkey-results');
  const server = await serve(kernel, smq.service, 0);
  try {
    const delivered = await send(file, 'smq', server.port);
    expect(delivered.every(({ ok }) => ok)).toBe(true);
    const bodies = smq
      .receive('latchkey-results', 16)
      .map(({ body }) => Buffer.from(body, 'base64').toString('utf8'));
    expect(delivered.map(({ sent }) => sent)).toEqual(
      bodies.map((body) => `message to latchkey-results: ${body}`),
    );
    expect(bodies[0]).toMatch(/^\{"schema":"latchkey\./);
  } finally {
    await server.close();
  }
});

test.for([
  ['http-rollout.json', 'attach'],
  ['timer-tick.json', 'fc'],
  ['queue-object.json', 'smq'],
  ['own-reboot-instances.json', 'eventBridge'],
] as const)('without a local cloud, sending %s says so', async ([file, door], { expect }) => {
  const port = await deserted();
  await expect(send(file, door, port)).rejects.toThrow(
    `Cannot send "events/${file}": nothing listens on port ${port}, start the local cloud with "npm start"`,
  );
});

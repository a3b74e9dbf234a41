import { test } from 'vitest';
import { startLocalCloud } from '../../local/start-local-cloud.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { signWebhook } from '../../shared/contract/webhook-signature.ts';

const STOP = '{"action":"stop","reason":"fire"}';
const GO = '{"action":"go"}';

test('the door of the deployed function knows its client, each id once, and nobody else', async ({
  expect,
  onTestFinished,
}) => {
  const { cloud, webhookSecret } = await startLocalCloud();
  onTestFinished(() => cloud.stop());
  const url = cloud.endpoints.http['attach']!;
  const secret = parseWebhookSecret(webhookSecret);
  const headersOf = (id: string, signed: string) => ({
    ...signWebhook({ secret, id, timestampSec: Math.floor(Date.now() / 1_000), body: signed }),
    'content-type': 'application/json',
  });
  const answerOf = async (reply: Response) => ({
    status: reply.status,
    json: (await reply.json()) as Record<string, unknown>,
  });
  const post = async (path: string, body: string, id: string) =>
    answerOf(await fetch(`${url}${path}`, { method: 'POST', body, headers: headersOf(id, body) }));
  const seeStop = async () =>
    answerOf(await fetch(`${url}/stop`, { headers: headersOf('see', 'GET /stop') }));

  for (const path of ['/rollouts', '/stop', '/openapi.json', '/nothing']) {
    const got = await answerOf(await fetch(`${url}${path}`));
    const sent = await answerOf(
      await fetch(`${url}${path}`, {
        method: 'POST',
        body: STOP,
        headers: { ...headersOf('x', GO), authorization: 'Bearer e30.e30.x' },
      }),
    );
    expect([got.status, sent.status]).toEqual([401, 401]);
  }

  expect(await post('/stop', STOP, 'one')).toMatchObject({
    status: 200,
    json: { stop: { by: 'operator one', reason: 'fire' } },
  });
  expect(await post('/go', GO, 'one')).toMatchObject({ status: 409, json: { code: 'conflict' } });
  expect(await post('/go', GO, 'two')).toMatchObject({ status: 200, json: { stop: null } });
  // Both were carried out: sent again they show how things are.
  expect(await post('/stop', STOP, 'one')).toMatchObject({ status: 200, json: { stop: null } });
  await post('/stop', STOP, 'three');
  expect(await post('/go', GO, 'two')).toMatchObject({
    status: 200,
    json: { stop: { by: 'operator three' } },
  });
  expect(await seeStop()).toMatchObject({ status: 200, json: { stop: { reason: 'fire' } } });

  const twice = await post('/go', '{"action":"stop","action":"go"}', 'four');
  expect(twice).toMatchObject({ status: 400, json: { errors: [{ pointer: '/action' }] } });
  expect((await seeStop()).json).toMatchObject({ stop: { by: 'operator three' } });
}, 60_000);

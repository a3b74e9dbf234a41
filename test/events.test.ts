import { readdir } from 'node:fs/promises';
import { test } from 'vitest';
import { receive } from '../functions/chat/receive.ts';
import { routeOf } from '../functions/chat/routes.ts';
import { readHttpEvent } from '../shared/inbound/fc.ts';
import { readLaunchEvent } from '../shared/inbound/launch-event.ts';
import { readMessengerEvent } from '../shared/inbound/messenger-event.ts';
import type { Message } from '../shared/domain/model/messages.ts';
import { readRestartEvent } from '../shared/inbound/restart-event.ts';
import { parseRolloutRequest } from '../shared/contract/requests/rollout-request.ts';
import { parseWebhookSecret } from '../shared/contract/webhook-secret.ts';
import { verifyWebhook } from '../shared/contract/webhook-signature.ts';
import { silent } from './models/builders.ts';
import { someApps } from './support/chat-requests.ts';
import { ModelLedger } from './models/model-ledger.ts';
import { EVENTS_FOLDER, readManifest, readSample, type SampleEntry } from '../tools/samples.ts';

const manifest = await readManifest();

/** What the samples are signed with: the example of the Standard Webhooks specification. */
const EXAMPLE_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLLSw';

test('every sample is in the manifest, once, and nothing else is', async ({ expect }) => {
  const files = (await readdir(EVENTS_FOLDER)).filter((file) => file !== 'manifest.json');
  expect(manifest.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
});

test('there is a sample of every trigger of every function', ({ expect }) => {
  const pairs = new Set(manifest.map((entry) => `${entry.function} ${entry.trigger}`));
  expect([...pairs].toSorted()).toEqual([
    'attach http',
    'chat http',
    'launch eventbridge',
    'messenger queue',
    'restart eventbridge',
    'restart queue',
    'restart timer',
  ]);
});

test('no sample names a real account', async ({ expect }) => {
  for (const { file } of manifest) {
    const text = (await readSample(file)).toString('utf8');
    const accounts = text.match(/(?<=(?:account|Account|User)\w*"\s*:\s*")\d+/gi) ?? [];
    expect(new Set(accounts), file).toEqual(
      accounts.length === 0 ? new Set() : new Set(['1000000000000000']),
    );
  }
});

test.for(manifest)('events/$file is read as expected', async (entry, { expect }) => {
  expect(await readingOf(entry, await readSample(entry.file))).toMatchObject(entry.expected);
});

test.for(manifest.filter((entry) => entry.trigger === 'http' && entry.function === 'attach'))(
  'events/$file carries a good signature, and a request that we take',
  async ({ file }, { expect }) => {
    const { method, rawPath, headers, body } = readHttpEvent(await readSample(file));
    const { id } = verifyWebhook({
      headers,
      body: method === 'GET' ? Buffer.from(`GET ${rawPath}`) : body,
      secrets: [parseWebhookSecret(EXAMPLE_SECRET)],
      nowMs: Number(headers['webhook-timestamp']) * 1_000,
    });
    expect(id).toMatch(/^msg_sample_/);
    if (method === 'GET') return;
    const request = parseRolloutRequest(body.toString('utf8'), { regionId: 'cn-hangzhou' });
    expect(request).toMatchObject({ keyPairName: 'ops-2026', dryRun: true });
  },
);

/** What the function that gets the sample reads in it. */
function readingOf(entry: SampleEntry, bytes: Buffer): unknown {
  switch (entry.function) {
    case 'attach': {
      const { method, path, body } = readHttpEvent(bytes);
      return { method, path, body: body.toString('utf8') };
    }
    case 'launch':
      return readLaunchEvent(bytes);
    case 'restart': {
      const event = readRestartEvent(bytes);
      return event.kind === 'messages' ? messagesOf(event) : event;
    }
    case 'chat':
      return chatReadingOf(bytes);
    case 'messenger': {
      return messagesOf(readMessengerEvent(bytes));
    }
  }
}

/** The messages of a queue in short: the rollouts that they are about, and how many cannot be read. */
function messagesOf({
  messages,
  unreadable,
}: {
  readonly messages: readonly Message[];
  readonly unreadable: readonly unknown[];
}) {
  const rolloutIds = messages.flatMap((one) => {
    if (one.kind === 'result') return [one.result.rolloutId];
    return one.kind === 'wake' || one.kind === 'card' ? [one.rolloutId] : [];
  });
  const replies = messages.flatMap((one) => (one.kind === 'reply' ? [one.reply] : []));
  return {
    kind: 'messages',
    rolloutIds: [...new Set(rolloutIds)],
    replies,
    unreadableCount: unreadable.length,
  };
}

/** As the function `chat` receives it, when it was sent. */
function chatReadingOf(bytes: Buffer): Promise<unknown> {
  const request = readHttpEvent(bytes);
  const route = routeOf(request);
  if (route === 'health') throw new TypeError('Cannot read the sample: it is for no platform');
  const { timeEpoch } = JSON.parse(bytes.toString('utf8')).requestContext;
  const ports = { nowMs: Number(timeEpoch), ledger: new ModelLedger(), log: silent };
  return receive(route, request, someApps(), ports);
}

import { Agent, request } from 'node:http';
import { type LocalCloud, startLocalCloud } from '../../local/start-local-cloud.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { signWebhook } from '../../shared/contract/webhook-signature.ts';
import { webhook } from '../../tools/demo/webhook.ts';
import { type Spread, spreadOf } from '../spread.ts';

/** The local host runs as many instances of one function. */
const CONNECTIONS = 4;
const INSTANCES = 100;
const KEY_PAIR = 'ops-2026';

/**
 * Measures how many signed GETs of a rollout of 100 instances the local host answers per second, over
 * loopback: HTTP trigger, function processes and emulated store, without added latency. The client and
 * the local cloud share the machine with the functions.
 */
export async function measureThroughput(rounds: number, roundMs: number): Promise<Spread> {
  const local = await startLocalCloud({
    settings: { fc: { maxInstancesPerFunction: CONNECTIONS } },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    const url = await rolloutUrl(local);
    const rates: number[] = [];
    // The first round starts the instances and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      const rate = await rateOf(roundMs, () => get(url, local.webhookSecret, agent));
      if (round > 0) rates.push(rate);
    }
    return spreadOf(rates);
  } finally {
    agent.destroy();
    await local.cloud.stop();
  }
}

/** The URL of a rollout without restarts, which is done at once. */
async function rolloutUrl({ cloud, webhookSecret }: LocalCloud): Promise<URL> {
  cloud.seed({ keyPairs: [{ name: KEY_PAIR }] });
  const { instanceIds } = cloud.seed({ instances: [{ count: INSTANCES, name: 'web' }] });
  const base = cloud.endpoints.http['attach']!;
  const { view } = await webhook(base, webhookSecret).post('/rollouts', {
    regionId: cloud.kernel.settings.regionId,
    keyPairName: KEY_PAIR,
    instanceIds,
    restart: 'never',
  });
  return new URL(`/rollouts/${view.rolloutId}`, base);
}

/** Requests per second. Each connection asks again as soon as it is answered. */
async function rateOf(roundMs: number, ask: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  let answers = 0;
  const connection = async () => {
    while (performance.now() - startedMs < roundMs) {
      await ask();
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return (answers * 1_000) / (performance.now() - startedMs);
}

let sent = 0;

function get(url: URL, secretText: string, agent: Agent): Promise<void> {
  const headers = signWebhook({
    secret: parseWebhookSecret(secretText),
    id: `bench_${++sent}`,
    timestampSec: Math.floor(Date.now() / 1_000),
    body: `GET ${url.pathname}`,
  });
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers }, (reply) => {
      reply.resume();
      reply.once('error', reject);
      reply.once('end', () => {
        if (reply.statusCode === 200) resolve();
        else reject(new Error(`Cannot measure: answered ${reply.statusCode}`));
      });
    });
    asked.once('error', reject);
    asked.end();
  });
}

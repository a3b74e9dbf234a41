import { type ChildProcess, fork } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalCloud, PROJECT_FOLDER, startLocalCloud } from '../../local/start-local-cloud.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { signWebhook } from '../../shared/contract/webhook-signature.ts';
import { webhook } from '../../tools/demo/webhook.ts';
import { type Spread, spreadOf } from '../spread.ts';

/** What one instance of `attach` held. */
export interface Memory {
  /** The largest resident size of the last looks, before anything is collected for them. */
  readonly rssMb: number;
  /** What of the heap is in use after a collection, at about 2,000 requests and at 10,000. */
  readonly earlyHeapMb: Spread;
  readonly lateHeapMb: Spread;
  /** `lateHeapMb` over `earlyHeapMb`, of medians. */
  readonly heapGrowth: number;
  readonly requests: number;
}

const PROGRAM = fileURLToPath(new URL('instance.cjs', import.meta.url));
const EARLY = 2_000;
const LATE = 10_000;
/**
 * A heap that does not grow still goes up and down by a tenth, as compiled code is dropped and made
 * anew; so it is looked at several times, some requests apart. Our own choice.
 */
const LOOKS = 5;
const LOOK_EVERY = 100;
const INSTANCES = 100;
const KEY_PAIR = 'ops-2026';

/**
 * What Node chooses by itself where it may use 512 MB, as `memorySize` in s.yaml says: half of it for
 * the old generation, and for that much 1 MB for each half of the young one (V8's
 * `Heap::HeapSizeFromPhysicalMemory` and `YoungGenerationSizeFromOldGenerationSize`:
 * https://github.com/nodejs/node/blob/v20.x/deps/v8/src/heap/heap.cc). On a machine with more memory
 * than that it collects later, and holds more.
 */
export const AS_DEPLOYED = ['--max-old-space-size=256', '--max-semi-space-size=1'];

/**
 * Memory of one instance of the built `attach` that answers 10,000 requests: of ten, six ask for a
 * rollout of 100 instances, two for the list, one is a dry run over 100, one has a wrong signature.
 *
 * @param flags for Node
 */
export async function measureMemory(flags: readonly string[]): Promise<Memory> {
  // Out of the project, whose package.json would make modules of what is deployed without one.
  const code = mkdtempSync(join(tmpdir(), 'latchkey-attach-'));
  cpSync(join(PROJECT_FOLDER, 'dist', 'attach'), code, { recursive: true });
  const local = await startLocalCloud();
  let child: ChildProcess | undefined;
  try {
    const events = await eventsFor(local);
    child = startInstance(local, { bundle: join(code, 'index.js'), flags });
    const ask = asker(child);
    const look = () => memoryOf(child!);
    const answer = (n: number) => ask(events(n));
    const early = await heldAfter(EARLY, { from: 0, answer, look });
    const late = await heldAfter(LATE, { from: EARLY, answer, look });
    return {
      rssMb: late.rssMb.max,
      earlyHeapMb: early.heapMb,
      lateHeapMb: late.heapMb,
      heapGrowth: late.heapMb.median / early.heapMb.median,
      requests: LATE,
    };
  } finally {
    child?.kill();
    await local.cloud.stop();
    rmSync(code, { recursive: true });
  }
}

interface Work {
  readonly from: number;
  answer(n: number): Promise<void>;
  look(): Promise<{ readonly rssBytes: number; readonly heapBytes: number }>;
}

/** Answers the requests `from` to `upTo`, and looks at the memory at the end of them. */
async function heldAfter(
  upTo: number,
  { from, answer, look }: Work,
): Promise<{ readonly rssMb: Spread; readonly heapMb: Spread }> {
  const seen: { readonly rssMb: number; readonly heapMb: number }[] = [];
  for (let n = from; n < upTo; n += 1) {
    await answer(n);
    const left = upTo - 1 - n;
    if (left % LOOK_EVERY !== 0 || left >= LOOKS * LOOK_EVERY) continue;
    const { rssBytes, heapBytes } = await look();
    seen.push({ rssMb: rssBytes / 2 ** 20, heapMb: heapBytes / 2 ** 20 });
  }
  return {
    rssMb: spreadOf(seen.map(({ rssMb }) => rssMb)),
    heapMb: spreadOf(seen.map(({ heapMb }) => heapMb)),
  };
}

/** In the environment and with the credentials that the local host gives. */
function startInstance(
  { cloud, webhookSecrets }: LocalCloud,
  { bundle, flags }: { readonly bundle: string; readonly flags: readonly string[] },
): ChildProcess {
  const { kernel, endpoints, fc } = cloud;
  const config = fc.functions.find(({ resource }) => resource === 'attach')!;
  const { accessKeyId, accessKeySecret, securityToken } = kernel.account.issueSts(
    config.functionName,
    'bench',
  );
  const context = {
    requestId: '1-6500b900-00000000-000000000000',
    credentials: { accessKeyId, accessKeySecret, securityToken },
    function: { name: config.functionName, timeout: config.timeoutSec },
    region: kernel.settings.regionId,
    accountId: kernel.account.id,
  };
  return fork(PROGRAM, [JSON.stringify({ bundle, context })], {
    execArgv: [...flags],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...config.environment,
      REGION_ID: kernel.settings.regionId,
      ECS_ENDPOINT: endpoints.ecs,
      SMQ_ENDPOINT: endpoints.smq,
      TABLESTORE_ENDPOINT: endpoints.tablestore,
      TABLESTORE_INSTANCE: config.environment['TABLESTORE_INSTANCE'] ?? 'latchkey',
      WEBHOOK_SECRETS: webhookSecrets,
    },
  });
}

interface Sample {
  readonly event: string;
  readonly status: number;
}

async function eventsFor({ cloud, webhookSecret }: LocalCloud): Promise<(n: number) => Sample> {
  cloud.seed({ keyPairs: [{ name: KEY_PAIR }] });
  const { instanceIds } = cloud.seed({ instances: [{ count: INSTANCES, name: 'web' }] });
  const { regionId } = cloud.kernel.settings;
  const body = { regionId, keyPairName: KEY_PAIR, instanceIds, restart: 'never' };
  const client = webhook(cloud.endpoints.http['attach']!, webhookSecret);
  const { rolloutId } = (await client.post('/rollouts', body)).view;
  const secret = parseWebhookSecret(webhookSecret);
  const sample = (n: number, method: 'GET' | 'POST', path: string, text = ''): Sample => {
    const headers = signWebhook({
      secret,
      id: `bench_${n}`,
      timestampSec: Math.floor(Date.now() / 1_000),
      body: method === 'GET' ? `GET ${path}` : text,
    });
    return { event: eventText(method, path, text, headers), status: 200 };
  };
  const dryRun = JSON.stringify({ ...body, dryRun: true });
  return (n) => {
    const kind = n % 10;
    if (kind < 6) return sample(n, 'GET', `/rollouts/${rolloutId}`);
    if (kind < 8) return sample(n, 'GET', '/rollouts');
    if (kind === 8) return sample(n, 'POST', '/rollouts', dryRun);
    const { event } = sample(n, 'GET', '/rollouts');
    return { event: event.replace('v1,', 'v1,AAAA'), status: 401 };
  };
}

function eventText(
  method: string,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): string {
  return JSON.stringify({
    version: 'v1',
    rawPath: path,
    body,
    isBase64Encoded: false,
    headers: { 'Content-Type': 'application/json', ...headers },
    queryParameters: {},
    requestContext: { http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' } },
  });
}

interface Reply {
  readonly statusCode?: number;
  readonly rssBytes?: number;
  readonly heapBytes?: number;
  readonly error?: string;
}

function asker(child: ChildProcess): (sample: Sample) => Promise<void> {
  return async ({ event, status }) => {
    const { statusCode, error } = await replyTo(child, event);
    if (statusCode !== status) {
      throw new Error(`Cannot measure memory: answered ${error ?? statusCode}, not ${status}`);
    }
  };
}

async function memoryOf(child: ChildProcess): Promise<{ rssBytes: number; heapBytes: number }> {
  const { rssBytes = NaN, heapBytes = NaN } = await replyTo(child, 'memory');
  return { rssBytes, heapBytes };
}

function replyTo(child: ChildProcess, said: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`Cannot measure memory: the instance ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (reply) => {
      child.off('exit', ended);
      resolve(reply as Reply);
    });
    child.send(said);
  });
}

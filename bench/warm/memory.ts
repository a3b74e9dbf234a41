import { type ChildProcess, fork } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalCloud, PROJECT_FOLDER, startLocalCloud } from '../../local/start-local-cloud.ts';
import { signedHeaders, triggerEvent } from '../../test/models/trigger-event.ts';
import { webhook } from '../../tools/demo/webhook.ts';
import { startOf } from '../../tools/start-of.ts';
import { type Spread, spreadOf } from '../spread.ts';

/** The memory of one instance of `attach`. */
export interface Memory {
  /** The largest resident size of the last samples, each taken before a collection. */
  readonly rssMb: number;
  /** The heap in use after a collection, at about 2,000 and at 10,000 requests. */
  readonly earlyHeapMb: Spread;
  readonly lateHeapMb: Spread;
  /** The median of `lateHeapMb` over that of `earlyHeapMb`. */
  readonly heapGrowth: number;
  readonly requests: number;
}

const PROGRAM = fileURLToPath(new URL('instance.cjs', import.meta.url));
const EARLY = 2_000;
const LATE = 10_000;
/**
 * Several samples are taken, because a heap that does not grow still varies by a tenth: compiled code is
 * dropped and compiled again. Our own choice.
 */
const LOOKS = 5;
const LOOK_EVERY = 100;
const INSTANCES = 100;
const KEY_PAIR = 'ops-2026';

/**
 * The heap limits that Node chooses with 512 MB of memory, which is `memorySize` in s.yaml: half of it
 * for the old generation, and 1 MB for each half of the young one (V8's
 * `Heap::HeapSizeFromPhysicalMemory` and `YoungGenerationSizeFromOldGenerationSize`:
 * https://github.com/nodejs/node/blob/v20.x/deps/v8/src/heap/heap.cc). With more memory, Node collects
 * later and keeps more.
 */
export const AS_DEPLOYED = ['--max-old-space-size=256', '--max-semi-space-size=1'];

/**
 * Measures the memory of one instance of the built `attach` while it answers 10,000 requests. Of ten
 * requests, six read a rollout of 100 instances, two read the list, one is a dry run over 100 instances,
 * and one has a wrong signature.
 *
 * @param flags for Node
 */
export async function measureMemory(flags: readonly string[]): Promise<Memory> {
  // Outside the project, because its package.json would turn the deployed CommonJS into modules.
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

/** Answers the requests `from` to `upTo`, and samples the memory during the last ones. */
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

/** Starts it with the environment and the credentials of the local host. */
function startInstance(
  { cloud, webhookSecrets }: LocalCloud,
  { bundle, flags }: { readonly bundle: string; readonly flags: readonly string[] },
): ChildProcess {
  const { context, env } = startOf(cloud, 'attach')!;
  return fork(PROGRAM, [JSON.stringify({ bundle, context })], {
    execArgv: [...flags],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...env, WEBHOOK_SECRETS: webhookSecrets },
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
  const sample = (n: number, method: 'GET' | 'POST', path: string, text = ''): Sample => {
    const headers = signedHeaders(method === 'GET' ? `GET ${path}` : text, {
      secret: webhookSecret,
      id: `bench_${n}`,
      timestampSec: Math.floor(Date.now() / 1_000),
    });
    const event = JSON.stringify(triggerEvent({ method, path, headers, body: text }));
    return { event, status: 200 };
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

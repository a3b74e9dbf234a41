import { makeHandler } from '../../functions/attach/handler.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { aClient, silent } from '../../test/models/builders.ts';
import { anHttpEvent, BODY, context, SECRET_TEXT } from '../../test/models/http-event.ts';
import { aWorld, rolloutIn } from '../../test/models/world.ts';
import { ModelLedger } from '../../test/models/model-ledger.ts';

/** In milliseconds. 99 % of the requests took at most `p99Ms`. */
interface HandlerTime {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly requests: number;
}

export interface HandlerTimes {
  /** A signed `GET /rollouts/{id}` of 100 instances. */
  readonly get: HandlerTime;
  /** A signed `POST /rollouts` with `dryRun` and 100 instance ids. */
  readonly dryRun: HandlerTime;
}

const INSTANCES = 100;
/** All code is compiled after this many requests: our own choice. */
const WARM_UP = 2_000;

/**
 * Measures the time of the webhook itself, from the platform's bytes to the answer, including the
 * signature. ECS and the store are models in memory, so no network and no codec is measured.
 *
 * @param requests how many of each kind are measured, in turn
 */
export async function measureHandler(requests: number): Promise<HandlerTimes> {
  const instanceIds = Array.from({ length: INSTANCES }, (_, n) => `i-${n}`);
  const world = aWorld(instanceIds.map((instanceId) => ({ instanceId })));
  const handle = makeHandler({
    ...world.ports,
    log: silent,
    regionId: 'cn-hangzhou',
    clients: [{ rule: aClient(), secrets: [parseWebhookSecret(SECRET_TEXT)] }],
    ledger: new ModelLedger(),
  });
  const { rolloutId } = rolloutIn(await world.ask({ restart: 'never' }));
  let sent = 0;
  const signed = () => ({ id: `bench_${++sent}`, timestampSec: Math.floor(world.now() / 1_000) });
  const dryRun = { ...BODY, instanceIds, dryRun: true };
  const kinds = {
    get: () => anHttpEvent({ ...signed(), method: 'GET', path: `/rollouts/${rolloutId}` }),
    dryRun: () => anHttpEvent({ ...signed(), body: dryRun }),
  };
  const timeOf = async (event: Buffer): Promise<number> => {
    const startedMs = performance.now();
    const reply = await handle(event, context);
    const tookMs = performance.now() - startedMs;
    if (reply.statusCode !== 200) throw new Error(`Cannot measure: answered ${reply.body}`);
    return tookMs;
  };
  const times = { get: [] as number[], dryRun: [] as number[] };
  for (let n = 0; n < WARM_UP + requests; n += 1) {
    for (const kind of ['get', 'dryRun'] as const) {
      const tookMs = await timeOf(kinds[kind]());
      if (n >= WARM_UP) times[kind].push(tookMs);
    }
  }
  return { get: summaryOf(times.get), dryRun: summaryOf(times.dryRun) };
}

function summaryOf(times: readonly number[]): HandlerTime {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1]!;
  return {
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    minMs: sorted[0]!,
    maxMs: sorted.at(-1)!,
    requests: sorted.length,
  };
}

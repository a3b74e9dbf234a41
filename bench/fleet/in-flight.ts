import { createEcs } from '../../local/cloud/ecs/index.ts';
import { realClock } from '../../local/cloud/kernel/clock.ts';
import { createKernel } from '../../local/cloud/kernel/kernel.ts';
import { serve } from '../../local/cloud/kernel/serve.ts';
import { settingsWith } from '../../local/cloud/kernel/settings.ts';
import { chunks, mapPool } from '../../shared/lib/pool.ts';
import { MAX_ATTACH_IDS } from '../../shared/domain/model/ports.ts';
import { ecsOverSdk } from '../../shared/outbound/ecs/ecs-over-sdk.ts';
import { type Spread, spreadOf } from '../spread.ts';
import { fleetOf, SETTINGS, WANTED_KEY_PAIR } from './fleets.ts';

const IN_FLIGHT = [1, 2, 5, 10, 20] as const;
const INSTANCES = 1_000;

/** How long it takes to attach a key pair to 1,000 instances, by the number of calls in flight. */
export async function measureInFlight(rounds: number): Promise<Readonly<Record<string, Spread>>> {
  const clock = realClock();
  const kernel = createKernel({ settings: settingsWith(SETTINGS), clock });
  const emulated = createEcs(kernel);
  const { instanceIds } = emulated.seed(fleetOf('healthy', INSTANCES));
  const listening = await serve(kernel, emulated.service, 0);
  const { accessKeyId, accessKeySecret, regionId } = kernel.settings;
  const ecs = ecsOverSdk({
    regionId,
    endpoint: `http://127.0.0.1:${listening.port}`,
    credentials: () => Promise.resolve({ accessKeyId, accessKeySecret }),
    nowMs: () => clock.nowMs(),
    log: () => {},
  });
  const times = new Map<number, number[]>();
  try {
    // The first round warms up code and connections and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      for (const inFlight of IN_FLIGHT) {
        const startedMs = performance.now();
        await mapPool(chunks(instanceIds, MAX_ATTACH_IDS), inFlight, (ids) =>
          ecs.attachKeyPair(WANTED_KEY_PAIR, ids),
        );
        if (round === 0) continue;
        times.set(inFlight, [...(times.get(inFlight) ?? []), performance.now() - startedMs]);
      }
    }
  } finally {
    await listening.close();
    clock.stop();
  }
  return Object.fromEntries([...times].map(([inFlight, all]) => [inFlight, spreadOf(all)]));
}

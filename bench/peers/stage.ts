import { createRequire } from 'node:module';
import type PopCoreClass from '@alicloud/pop-core';
import { createEcs } from '../../local/cloud/ecs/index.ts';
import { type VirtualClock, virtualClock } from '../../local/cloud/kernel/clock.ts';
import { createKernel } from '../../local/cloud/kernel/kernel.ts';
import { serve } from '../../local/cloud/kernel/serve.ts';
import { settingsWith } from '../../local/cloud/kernel/settings.ts';
import { type FleetKind, fleetOf, LATENCY_MS, SETTINGS, WANTED_KEY_PAIR } from '../fleet/fleets.ts';
import { type Truth, witness } from '../fleet/witness.ts';
import { sumOf } from '../sum-of.ts';

const require = createRequire(import.meta.url);
const PopCore = require('@alicloud/pop-core') as typeof PopCoreClass;

/** What a tool works with. */
export interface Stage {
  readonly regionId: string;
  readonly keyPairName: string;
  /** The whole fleet. */
  readonly instanceIds: readonly string[];
  /** @throws when ECS refuses the call, with the error code as `code` */
  call<T>(action: string, parameters: Readonly<Record<string, unknown>>): Promise<T>;
  sleep(ms: number): Promise<void>;
}

/** Makes the calls of a tool. Resolves where the tool would succeed, and rejects where it would fail. */
export type Peer = (stage: Stage) => Promise<void>;

export interface PeerRun extends Truth {
  readonly tookMs: number;
  /** The error that the tool ended with; '' for success. */
  readonly said: string;
}

const START_MS = Date.parse('2026-11-24T03:00:00Z');

/**
 * Runs a tool over a fleet of its own, with real connections and in virtual time. Latencies and the
 * tool's own pauses count; its processor time does not. So the tool looks faster than it is. Boots are
 * short here, so it also has fewer instances down at once.
 */
export async function perform(peer: Peer, kind: FleetKind, count: number): Promise<PeerRun> {
  const clock = virtualClock(START_MS);
  const kernel = createKernel({ settings: settingsWith(SETTINGS), clock });
  const ecs = createEcs(kernel);
  const { instanceIds } = ecs.seed(fleetOf(kind, count));
  const watched = witness(kernel, ecs.state());
  const listening = await serve(kernel, ecs.service, 0);
  const { accessKeyId, accessKeySecret, regionId } = kernel.settings;
  const client = new PopCore({
    accessKeyId,
    accessKeySecret,
    endpoint: `http://127.0.0.1:${listening.port}`,
    apiVersion: '2014-05-26',
  });
  /** When the answer of each call under way is due. */
  const underWay = new Map<symbol, number>();
  let sent = 0;
  const arrived = () => sumOf(kernel.calls.toJSON()['ecs']);
  const stage: Stage = {
    regionId,
    keyPairName: WANTED_KEY_PAIR,
    instanceIds,
    async call<T>(action: string, parameters: Readonly<Record<string, unknown>>) {
      const call = Symbol(action);
      underWay.set(call, clock.nowMs() + LATENCY_MS);
      sent += 1;
      try {
        const answer = await client.request<T>(action, parameters, { method: 'POST' });
        if (parameters['ForceStop'] === true) watched.noteForced();
        return answer;
      } finally {
        underWay.delete(call);
      }
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        clock.after(ms, resolve);
      }),
  };
  const isWaiting = () =>
    sent === arrived() && [...underWay.values()].every((dueMs) => dueMs > clock.nowMs());
  try {
    const said = await played(peer(stage), clock, isWaiting);
    const tookMs = clock.nowMs() - START_MS;
    // Lets the last restarts end before the instances are judged.
    clock.advance(SETTLE_MS);
    return { tookMs, said, ...watched.truth(ecs.state()) };
  } finally {
    await listening.close();
  }
}

const SETTLE_MS = 60_000;

/** Moves virtual time on whenever the tool waits. @returns the message of its error, '' for none */
async function played(
  play: Promise<void>,
  clock: VirtualClock,
  isWaiting: () => boolean,
): Promise<string> {
  let said: string | undefined;
  play.then(
    () => {
      said = '';
    },
    (error: unknown) => {
      said = error instanceof Error ? error.message : String(error);
    },
  );
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (said !== undefined) return said;
    if (!isWaiting()) continue;
    const nextMs = clock.nextMs();
    if (nextMs === undefined) throw new Error('Cannot go on: the tool waits for nothing');
    clock.advance(nextMs - clock.nowMs());
  }
}

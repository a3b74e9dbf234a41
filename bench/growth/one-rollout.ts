/**
 * The program of a child process. Its argument is a number of instances. It runs one rollout with the
 * bundles and a local cloud without latency, in real time, and sends a `Run` to its parent.
 */
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Cloud } from '../../local/cloud/index.ts';
import { type LocalCloud, startLocalCloud } from '../../local/start-local-cloud.ts';
import { temporaryProject } from '../../tools/demo/temporary-project.ts';
import { webhook } from '../../tools/demo/webhook.ts';
import { sumOf } from '../sum-of.ts';
import { untilDone } from '../until-done.ts';

export interface Run {
  readonly instances: number;
  readonly answerMs: number;
  readonly readyMs: number;
  /** Processor time of all function instances, including their starts. */
  readonly functionCpuMs: number;
  /** Invocations of all functions, including those for state changes. */
  readonly invocations: number;
  /** Calls to ECS, by action. */
  readonly ecsCalls: Readonly<Record<string, number>>;
  readonly storeCalls: number;
  readonly queueCalls: number;
  /** Bytes of all request bodies that write to Tablestore. */
  readonly bytesWritten: number;
  /** Memory of the local cloud's process, without the functions: now, and the most so far. */
  readonly cloudRssMb: number;
  readonly cloudPeakRssMb: number;
}

const KEY_PAIR = 'ops-2026';
/** Short, because boots are not measured here. */
const BOOT = { stoppingMs: 200, startingMs: 300 };
/** A canary, then all others at once, so that 100 instances wait as long as 1,000. */
const PACE = { restart: 'auto', maxUnavailable: '100%', ramp: 'canary', bakeSeconds: 0 };
/** All instances are in one zone, because a wave never spans two. */
const ZONE = 'cn-hangzhou-h';
const LIMIT_MS = 90_000;
const WRITES = new Set(['/PutRow', '/UpdateRow', '/DeleteRow', '/BatchWriteRow']);
/** `getconf CLK_TCK`, 100 on every Linux that Node runs on. */
const TICK_MS = 10;

async function measure(instances: number): Promise<Run> {
  const project = temporaryProject({ batchWindowSec: 0 });
  const local = await startLocalCloud({ projectFolder: project.folder, settings: { ecs: BOOT } });
  try {
    return await rollOut(local, instances);
  } finally {
    await local.cloud.stop();
    project.remove();
  }
}

async function rollOut({ cloud, webhookSecret }: LocalCloud, count: number): Promise<Run> {
  cloud.seed({ keyPairs: [{ name: KEY_PAIR }] });
  const { instanceIds } = cloud.seed({ instances: [{ count, name: 'web', zoneId: ZONE }] });
  const written = countWrites(Number(new URL(cloud.endpoints.tablestore).port));
  const client = webhook(cloud.endpoints.http['attach']!, webhookSecret);
  const { regionId } = cloud.kernel.settings;
  const startedMs = performance.now();
  const { view } = await client.post('/rollouts', {
    regionId,
    keyPairName: KEY_PAIR,
    instanceIds,
    ...PACE,
  });
  const answerMs = performance.now() - startedMs;
  await untilDone(cloud, `a rollout of ${count} instances`, LIMIT_MS);
  const readyMs = performance.now() - startedMs;
  const calls = cloud.kernel.calls.toJSON();
  const functionCpuMs = processesOf(cloud).reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  const invocations = invocationsOf(cloud);
  const end = await client.get(`/rollouts/${view.rolloutId}`);
  const ready = end.results.filter(({ restart }) => restart?.kind === 'ready').length;
  if (ready !== count) throw new Error(`Cannot measure ${count} instances: ${ready} are ready`);
  return {
    instances: count,
    answerMs,
    readyMs,
    functionCpuMs,
    invocations,
    ecsCalls: calls['ecs'] ?? {},
    storeCalls: sumOf(calls['tablestore']),
    queueCalls: sumOf(calls['smq']),
    bytesWritten: written.bytes,
    cloudRssMb: process.memoryUsage.rss() / 2 ** 20,
    cloudPeakRssMb: process.resourceUsage().maxRSS / 2 ** 10,
  };
}

/** Counts the bytes that are written to the store from now on. */
function countWrites(port: number): { readonly bytes: number } {
  const written = { bytes: 0 };
  subscribe('http.server.request.start', (message) => {
    const { request, socket } = message as { request: IncomingMessage; socket: Socket };
    if (socket.localPort !== port || !WRITES.has(request.url ?? '')) return;
    written.bytes += Number(request.headers['content-length'] ?? 0);
  });
  return written;
}

interface FunctionsState {
  readonly functions: Readonly<
    Record<
      string,
      {
        readonly invocations: number;
        readonly instances: readonly { readonly pid: number | null }[];
      }
    >
  >;
}

function processesOf({ fc }: Cloud): number[] {
  const { functions } = fc.state() as FunctionsState;
  return Object.values(functions)
    .flatMap(({ instances }) => instances)
    .flatMap(({ pid }) => pid ?? []);
}

function invocationsOf({ fc }: Cloud): number {
  const { functions } = fc.state() as FunctionsState;
  return Object.values(functions).reduce((sum, { invocations }) => sum + invocations, 0);
}

/** User and system time: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, fields 14 and 15. */
function cpuMsOf(pid: number): number {
  // The process name is in brackets, and the only field that may have spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

process.send!(await measure(Number(process.argv[2])));
process.disconnect();

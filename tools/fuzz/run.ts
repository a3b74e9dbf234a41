import { inspect } from 'node:util';
import { readManifest, readSample } from '../samples.ts';
import { Random } from '../random.ts';
import { eventInput, type Samples } from './event-input.ts';
import { heapInUse } from './heap.ts';
import { httpInput } from './http-input.ts';
import type { Input } from './input.ts';
import { errorFault, faultOf, type Reply } from './judge.ts';
import { Known } from './known.ts';
import { printedDuring } from './printed.ts';
import { type Fleet, type FunctionName, SECRET_TEXT, Stage } from './stage.ts';
import { setWallClock } from './wall.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** The run ends after this time, but not before `requests` requests. */
  readonly seconds: number;
  readonly requests: number;
  readonly onProgress: (tally: Tally) => void;
}

interface Failure {
  readonly what: string;
  readonly error: string;
  readonly input: Input | undefined;
}

export type Tally = ReturnType<typeof emptyTally>;

/** The start of a run. It is fixed, because inputs and results depend on the time. */
const START_MS = Date.parse('2026-11-24T08:00:00Z');
/** After this many requests the local cloud is replaced, because its state gets too large. */
const REQUESTS_A_CLOUD = 1_000;
/** The heap is measured after these many requests. It always grows in the beginning. */
const HEAP_FIRST = 2_000;
const HEAP_LAST = 10_000;
const HEAP_GROWTH = 1.1;
/** The run stops after this many failures, which mostly have one cause. */
const MOST_FAILURES = 5;
/** A function that takes longer hangs: our own choice. */
const HANGS_AFTER_MS = 20_000;

/** A run proves something only when each of these was answered. */
const STATUSES = [200, 202, 400, 401, 403, 404, 405, 409, 413, 415, 422];

/** Sends inputs to the functions until the time is over or too many have failed. */
export async function fuzz(options: FuzzOptions): Promise<Tally> {
  const tally = emptyTally(options.seed);
  await onStage(tally, async (stage, fleet) => {
    const random = new Random(options.seed);
    const samples = { launch: await samplesOf('launch'), restart: await samplesOf('restart') };
    let known = new Known(fleet);
    const endMs = performance.now() + options.seconds * 1_000;
    const isOver = () =>
      tally.failures.length >= MOST_FAILURES ||
      (tally.events.attach >= options.requests && performance.now() >= endMs);
    while (!isOver()) {
      await printedDuring(() => stage.moveTo(stage.nowMs() + random.between(1, 50)));
      const input = inputOf(random, samples, known, stage);
      await feed(input, stage, tally, known);
      if (random.chance(0.02)) await printedDuring(() => stage.advance(random.pick([1, 5, 20])));
      const { attach } = tally.events;
      if (input.name !== 'attach' || attach % REQUESTS_A_CLOUD !== 0) continue;
      known = new Known(await stage.renew());
      if (attach === HEAP_FIRST) tally.heap.first = await heapInUse();
      if (attach === HEAP_LAST) tally.heap.last = await heapInUse();
      options.onProgress(tally);
    }
  });
  return tally;
}

/** Sends the same inputs again, one after the other, to a local cloud of their own. */
export async function replay(inputs: readonly Input[], tell: (line: string) => void) {
  const tally = emptyTally(0);
  const startMs = inputs[0]?.atMs ?? START_MS;
  await onStage(
    tally,
    async (stage, fleet) => {
      const known = new Known(fleet);
      for (const input of inputs) {
        await stage.moveTo(input.atMs);
        tell(await feed(input, stage, tally, known));
      }
    },
    startMs,
  );
  return tally;
}

function emptyTally(seed: number) {
  return {
    seed,
    /** How many events each function got. Those of `attach` are requests. */
    events: { attach: 0, launch: 0, restart: 0 },
    /** Answers of the webhook, by status. */
    statuses: {} as Record<string, number>,
    /** Expected errors of `launch` and `restart`, by code. */
    thrown: {} as Record<string, number>,
    /** Bytes in use after a collection, early and late in the run. */
    heap: { first: null as number | null, last: null as number | null },
    failures: [] as Failure[],
  };
}

/** Why a run fails: its failures, and what it should have met and did not. */
export function complaintsOf({ heap, statuses, failures, events }: Tally): string[] {
  const complaints = failures.map(({ what }) => what);
  if (heap.first !== null && heap.last !== null && heap.last > heap.first * HEAP_GROWTH) {
    complaints.push(`the heap grew from ${heap.first} to ${heap.last} bytes`);
  }
  if (events.attach >= HEAP_FIRST) {
    const unseen = STATUSES.filter((status) => statuses[status] === undefined);
    if (unseen.length > 0) complaints.push(`no request was answered ${unseen.join(', ')}`);
  }
  return complaints;
}

async function onStage(
  tally: Tally,
  play: (stage: Stage, fleet: Fleet) => Promise<void>,
  startMs = START_MS,
): Promise<void> {
  const fail = (what: string, error: unknown) => tally.failures.push(failure(what, error));
  const stage = new Stage(startMs, (name, error) => {
    const fault = errorFault(error);
    if (fault !== undefined) fail(`${name}, called by the local cloud: ${fault}`, error);
  });
  const onStray = (error: unknown) => fail('a promise was left to reject', error);
  process.on('unhandledRejection', onStray);
  const restoreClock = setWallClock(stage.nowMs);
  try {
    const fleet = await stage.renew();
    await stage.load();
    await play(stage, fleet);
  } finally {
    await stage.stop();
    restoreClock();
    process.off('unhandledRejection', onStray);
  }
}

function inputOf(
  random: Random,
  samples: Readonly<Record<'launch' | 'restart', Samples>>,
  known: Known,
  stage: Stage,
): Input {
  const atMs = stage.nowMs();
  const { regionId } = stage.cloud.kernel.settings;
  const name = random.chance(0.7) ? 'attach' : random.pick(['launch', 'restart'] as const);
  const event =
    name === 'attach'
      ? httpInput(known, random, { secretText: SECRET_TEXT, regionId, nowMs: atMs })
      : eventInput(samples[name], known, random, atMs);
  return { name, atMs, event };
}

/** @returns the outcome as a line */
async function feed(input: Input, stage: Stage, tally: Tally, known: Known): Promise<string> {
  const { name, event } = input;
  tally.events[name] += 1;
  const before = stage.calls();
  const [{ result, error }, printed] = await printedDuring(() => settled(stage, name, event));
  const after = stage.calls();
  const secrets = secretsIn(event);
  const fault = faultOf({ name, result, error, before, after, printed, secrets });
  if (fault !== undefined) tally.failures.push(failure(`${name}: ${fault}`, error, input));
  if (error !== undefined) {
    if (fault === undefined) count(tally.thrown, String((error as { code?: unknown }).code));
    return `${name} threw ${textOf(error)}`;
  }
  if (name !== 'attach') return `${name} returned ${JSON.stringify(result)}`;
  const { statusCode, body } = result as Reply;
  count(tally.statuses, String(statusCode));
  if (statusCode < 300) known.learn(body);
  return `${name} answered ${statusCode} ${body}`;
}

async function settled(
  stage: Stage,
  name: FunctionName,
  event: Buffer,
): Promise<{ result?: unknown; error?: unknown }> {
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise<never>((_, reject) => {
    const error = new Error(`no answer in ${HANGS_AFTER_MS} ms`);
    timer = setTimeout(() => reject(error), HANGS_AFTER_MS);
  });
  try {
    return { result: await Promise.race([stage.invoke(name, event), hangs]) };
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}

/** The signature of the input, and the secret of the service. */
function secretsIn(event: Buffer): string[] {
  const signature = /v1,([A-Za-z0-9+/]{43}=)/.exec(event.toString('latin1'))?.[1];
  return [SECRET_TEXT.slice('whsec_'.length), ...(signature === undefined ? [] : [signature])];
}

async function samplesOf(name: 'launch' | 'restart'): Promise<Samples> {
  const entries = (await readManifest()).filter((entry) => entry.function === name);
  return Promise.all(
    entries.map(
      async ({ file }) => JSON.parse((await readSample(file)).toString('utf8')) as unknown,
    ),
  );
}

function failure(what: string, error: unknown, input?: Input): Failure {
  return { what, error: error === undefined ? '' : textOf(error), input };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : inspect(error);
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as v from 'valibot';

/** One sample of events/, as events/manifest.json describes it. */
const Entry = v.strictObject({
  file: v.pipe(v.string(), v.regex(/^[a-z0-9-]+\.json$/)),
  /** What happened, in words. */
  what: v.pipe(v.string(), v.nonEmpty()),
  trigger: v.picklist(['http', 'eventbridge', 'queue', 'timer']),
  function: v.picklist(['attach', 'launch', 'restart', 'chat', 'messenger']),
  /** A URL, or another origin. */
  source: v.pipe(v.string(), v.nonEmpty()),
  /** Captured on a live system, copied from a document, or composed by us. */
  kind: v.picklist(['captured', 'documented', 'composed']),
  date: v.pipe(v.string(), v.isoDate()),
  /** What the function must read from it. */
  expected: v.record(v.string(), v.unknown()),
});

export type SampleEntry = v.InferOutput<typeof Entry>;

export const EVENTS_FOLDER = resolve(import.meta.dirname, '../events');

/** @throws {v.ValiError} when the manifest is invalid */
export async function readManifest(): Promise<readonly SampleEntry[]> {
  const text = await readFile(join(EVENTS_FOLDER, 'manifest.json'), 'utf8');
  return v.parse(v.array(Entry), JSON.parse(text));
}

/** The bytes that the function gets. */
export function readSample(file: string): Promise<Buffer> {
  return readFile(join(EVENTS_FOLDER, file));
}

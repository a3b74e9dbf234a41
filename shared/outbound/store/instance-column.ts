import * as v from 'valibot';
import type { AttachState, RestartState, RolloutInstance } from '../../domain/rollout.ts';
import { clipJson, jsonBytes } from './clip.ts';
import { type Kinds, packed, unpacking } from './kinds.ts';

/** Of one instance's column (design.md §4): a thousand of them are then 300 KB of a 4 MB write. */
export const MAX_INSTANCE_BYTES = 300;

const text = v.string();
const integer = v.pipe(v.number(), v.safeInteger());
const how = v.picklist(['reboot', 'start']);
const attempt = integer;
const proof = v.picklist(['accepted', 'observed']);

const ATTACH: Kinds<AttachState> = {
  due: { untilMs: integer },
  waiting: { reason: v.picklist(['throttled', 'pending', 'unavailable']), untilMs: integer },
  unknown: { code: text, untilMs: integer },
  attached: { atMs: integer, requestId: text },
  failed: { code: text, message: text, requestId: text },
  skipped: {
    reason: v.picklist([
      'windows',
      'not-io-optimized',
      'locked',
      'already-attached',
      'busy',
      'not-found',
      'released',
      'wrong-state',
    ]),
    detail: text,
    effective: v.nullable(v.picklist(['yes', 'no', 'unknown'])),
  },
};

const RESTART: Kinds<RestartState> = {
  none: {},
  due: { how, attempt, notBeforeMs: integer, reason: text },
  claimed: { how, attempt, atMs: integer, untilMs: integer },
  booting: {
    how,
    attempt,
    proof,
    sinceMs: integer,
    runningAtMs: v.nullable(integer),
    lookedAtMs: integer,
    readAtMs: integer,
    requestId: text,
  },
  ready: { how, attempt, proof, atMs: integer, requestId: text },
  failed: { how, attempt, code: text, message: text, requestId: text },
  unknown: { how, attempt, atMs: integer, code: text },
};

const Column = v.strictTuple([
  text,
  text,
  text,
  v.nullable(text),
  v.nullable(integer),
  unpacking(ATTACH),
  unpacking(RESTART),
]);

/** Of a name, as long as there is a message to clip: people know their instances by it. Our own choice. */
const KEPT_NAME_BYTES = 32;

/**
 * One instance as compact JSON: `[instanceId, name, zoneId, previousKeyPairName, missingSinceMs, attach, restart]`,
 * states as arrays that begin with their kind.
 *
 * Kept to 300 bytes by clipping the name to 32 of them, then the message of a failed restart or
 * attach, then the rest of the name. Ids, key pair names, codes and details are never clipped; where
 * they alone need more, more it is.
 */
export function encodeInstance(instance: RolloutInstance): string {
  const { name, attach, restart } = instance;
  const whole = jsonText(instance);
  let excess = Buffer.byteLength(whole) - MAX_INSTANCE_BYTES;
  if (excess <= 0) return whole;
  const clip = (long: string, keptBytes: number): string => {
    const had = jsonBytes(long);
    const clipped = excess <= 0 ? long : clipJson(long, Math.max(keptBytes, had - excess));
    excess -= had - jsonBytes(clipped);
    return clipped;
  };
  const shortName = clip(name, KEPT_NAME_BYTES);
  const shortRestart =
    restart.kind === 'failed' ? { ...restart, message: clip(restart.message, 0) } : restart;
  const shortAttach =
    attach.kind === 'failed' ? { ...attach, message: clip(attach.message, 0) } : attach;
  return jsonText({
    ...instance,
    name: clip(shortName, 0),
    restart: shortRestart,
    attach: shortAttach,
  });
}

/** @throws {Error} for a text that `encodeInstance` did not make */
export function decodeInstance(column: string): RolloutInstance {
  const [instanceId, name, zoneId, previousKeyPairName, missingSinceMs, attach, restart] = v.parse(
    Column,
    JSON.parse(column),
  );
  return { instanceId, name, zoneId, previousKeyPairName, missingSinceMs, attach, restart };
}

function jsonText(instance: RolloutInstance): string {
  const { instanceId, name, zoneId, previousKeyPairName, missingSinceMs, attach, restart } =
    instance;
  const states = [packed(ATTACH, attach), packed(RESTART, restart)];
  return JSON.stringify([instanceId, name, zoneId, previousKeyPairName, missingSinceMs, ...states]);
}

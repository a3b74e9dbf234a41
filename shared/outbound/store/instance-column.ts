import * as v from 'valibot';
import { once } from '../../lib/once.ts';
import type { AttachState, RestartState, RolloutInstance } from '../../domain/model/rollout.ts';
import { SKIP_REASONS, type SkipReason } from '../../domain/model/skip-reason.ts';
import { clipJson, jsonBytes } from './clip.ts';
import { type Kinds, packed, unpacking } from './kinds.ts';

/** The size of one instance's column: our own choice. A thousand of them take 300 KB of a 4 MB write. */
export const MAX_INSTANCE_BYTES = 300;

const text = v.string();
const integer = v.pipe(v.number(), v.safeInteger());
const how = v.picklist(['reboot', 'start']);
const attempt = integer;
const proof = v.picklist(['accepted', 'observed']);

const attachKinds = once((): Kinds<AttachState> => ({
  due: { untilMs: integer },
  waiting: {
    reason: v.picklist(['throttled', 'pending', 'unavailable', 'wave', 'approval']),
    untilMs: integer,
  },
  unknown: { code: text, untilMs: integer },
  attached: { atMs: integer, requestId: text },
  failed: { code: text, message: text, requestId: text },
  skipped: {
    reason: v.picklist(Object.keys(SKIP_REASONS) as SkipReason[]),
    detail: text,
    effective: v.nullable(v.picklist(['yes', 'no', 'unknown'])),
  },
}));

const restartKinds = once((): Kinds<RestartState> => ({
  none: {},
  due: { how, attempt, notBeforeMs: integer, isDown: v.boolean(), reason: text },
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
  failed: {
    how,
    attempt,
    code: text,
    message: text,
    requestId: text,
    runningAtMs: v.nullable(integer),
  },
  dropped: { how, attempt, why: v.picklist(['aborted', 'skipped', 'busy']), isDown: v.boolean() },
  unknown: { how, attempt, atMs: integer, code: text, runningAtMs: v.nullable(integer) },
}));

/** null for the rollout's own key pair, `[name, fingerprint]` for another one, `[]` for none. */
const target = once(() =>
  v.nullable(
    v.pipe(
      v.union([v.strictTuple([text, text]), v.strictTuple([])]),
      v.transform(([name, fingerprint]) => ({
        keyPair: name === undefined || fingerprint === undefined ? null : { name, fingerprint },
      })),
    ),
  ),
);

/** Written as indexes, to save bytes. New values are added at the end. */
const OPT_OUTS = ['', 'never', 'approve', 'window'] as const;
const WITHHELD = ['', 'opted-out', 'not-approved', 'scaling-member', 'too-old'] as const;

function indexIn<const T>(values: readonly T[]) {
  return v.pipe(
    v.picklist([...values.keys()]),
    v.transform((index) => values[index]!),
  );
}

const Column = v.lazy(
  once(() =>
    v.strictTuple([
      text,
      text,
      text,
      v.nullable(text),
      text,
      target(),
      integer,
      v.nullable(integer),
      indexIn([false, true]),
      indexIn(OPT_OUTS),
      indexIn(WITHHELD),
      unpacking(attachKinds()),
      unpacking(restartKinds()),
    ]),
  ),
);

/** How much of a name stays while a message can be clipped, because people know instances by their names. Our own choice. */
const KEPT_NAME_BYTES = 32;

/**
 * One instance as compact JSON: `[instanceId, name, zoneId, previousKeyPairName, group, target, wave, missingSinceMs, isScalingMember, optOut, withheld, attach, restart]`,
 * with states as arrays that begin with their kind.
 *
 * To stay within 300 bytes, it clips the name to 32 bytes, then the messages of a failed restart or attach,
 * then the rest of the name. It never clips ids, key pair names, codes and details. Where these alone need
 * more, such as the other key pair of an undo, the column is larger.
 */
export function encodeInstance(instance: RolloutInstance): string {
  const known = encoded.get(instance);
  if (known !== undefined) return known;
  const column = clipped(instance);
  encoded.set(instance, column);
  return column;
}

/** Instances are immutable, so each is encoded once although every save compares it. */
const encoded = new WeakMap<RolloutInstance, string>();

function clipped(instance: RolloutInstance): string {
  const { name, attach, restart } = instance;
  const whole = jsonText(instance);
  let excess = Buffer.byteLength(whole) - MAX_INSTANCE_BYTES;
  if (excess <= 0) return whole;
  const clip = (long: string, keptBytes: number): string => {
    const had = jsonBytes(long);
    const kept = excess <= 0 ? long : clipJson(long, Math.max(keptBytes, had - excess));
    excess -= had - jsonBytes(kept);
    return kept;
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

/** @throws {Error} for a text that `encodeInstance` did not write */
export function decodeInstance(column: string): RolloutInstance {
  const [
    instanceId,
    name,
    zoneId,
    previousKeyPairName,
    group,
    target,
    wave,
    missingSinceMs,
    isScalingMember,
    optOut,
    withheld,
    attach,
    restart,
  ] = v.parse(Column, JSON.parse(column));
  const about = { instanceId, name, zoneId, previousKeyPairName, group, target, wave };
  return { ...about, missingSinceMs, isScalingMember, optOut, withheld, attach, restart };
}

function jsonText(instance: RolloutInstance): string {
  return JSON.stringify([
    instance.instanceId,
    instance.name,
    instance.zoneId,
    instance.previousKeyPairName,
    instance.group,
    packedTarget(instance.target),
    instance.wave,
    instance.missingSinceMs,
    instance.isScalingMember ? 1 : 0,
    OPT_OUTS.indexOf(instance.optOut),
    WITHHELD.indexOf(instance.withheld),
    packed(attachKinds(), instance.attach),
    packed(restartKinds(), instance.restart),
  ]);
}

function packedTarget(target: RolloutInstance['target']): readonly string[] | null {
  if (target === null) return null;
  return target.keyPair === null ? [] : [target.keyPair.name, target.keyPair.fingerprint];
}

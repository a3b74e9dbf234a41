import * as v from 'valibot';
import type { AttachState, RestartState, RolloutInstance } from '../../domain/model/rollout.ts';
import { SKIP_REASONS, type SkipReason } from '../../domain/model/skip-reason.ts';
import { once } from '../../lib/once.ts';
import { type Fields, type Kinds, packed, unpacking, unpackingFields } from './kinds.ts';

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

/** In the order in which they are written. */
const fields = once((): Fields<RolloutInstance> => ({
  instanceId: text,
  name: text,
  zoneId: text,
  previousKeyPairName: v.nullable(text),
  group: text,
  target: target(),
  wave: integer,
  missingSinceMs: v.nullable(integer),
  isScalingMember: indexIn([false, true]),
  optOut: indexIn(OPT_OUTS),
  withheld: indexIn(WITHHELD),
  attach: unpacking(attachKinds()),
  restart: unpacking(restartKinds()),
}));

const names = once(() => Object.keys(fields()) as (keyof RolloutInstance)[]);
const Column = v.lazy(once(() => unpackingFields(fields())));

/** How much of a name stays while a message can be clipped, because people know instances by their names. Our own choice. */
const KEPT_NAME_BYTES = 32;

/**
 * One instance as compact JSON: an array of `fields`, with states as arrays that begin with their kind.
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
  return v.parse(Column, JSON.parse(column));
}

function jsonText(instance: RolloutInstance): string {
  const { target: given, isScalingMember, optOut, withheld, attach, restart } = instance;
  const written: Record<keyof RolloutInstance, unknown> = {
    ...instance,
    target: packedTarget(given),
    isScalingMember: isScalingMember ? 1 : 0,
    optOut: OPT_OUTS.indexOf(optOut),
    withheld: WITHHELD.indexOf(withheld),
    attach: packed(attachKinds(), attach),
    restart: packed(restartKinds(), restart),
  };
  return JSON.stringify(names().map((name) => written[name]));
}

function packedTarget(target: RolloutInstance['target']): readonly string[] | null {
  if (target === null) return null;
  return target.keyPair === null ? [] : [target.keyPair.name, target.keyPair.fingerprint];
}

/** Marks the end of a clipped text. */
const MARK = '…';

/**
 * Clips a text so that its JSON form, without the quotes, has at most `bytes` bytes in UTF-8. A clipped text
 * ends with `…`. Characters stay whole. The result is '' where not even the `…` fits.
 */
export function clipJson(text: string, bytes: number): string {
  if (jsonBytes(text) <= bytes) return text;
  let kept = '';
  let used = Buffer.byteLength(MARK);
  if (used > bytes) return '';
  for (const character of text) {
    used += jsonBytes(character);
    if (used > bytes) break;
    kept += character;
  }
  return kept + MARK;
}

/** Bytes in UTF-8 of the JSON form, without the quotes. */
export function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

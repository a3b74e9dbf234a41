import * as v from 'valibot';
import type { Command } from '../domain/control.ts';
import { onlyThese, parseJson } from './parse.ts';
import { InstanceIdList, OneLine, PlanDigestText } from './rollout-request.ts';

/** Longest id of a path that a message repeats: our own choice. */
const MAX_SHOWN = 100;

/** What `POST /rollouts/{id}/{action}` names in its path. */
export interface ControlPath {
  readonly rolloutId: string;
  readonly action: Command['kind'] | 'undo';
}

/**
 * The signature of a request covers its body but not its path: so the body says again what is to be
 * done to which rollout (design.md §6.1).
 */
function sameAs({ rolloutId, action }: ControlPath) {
  const shown = rolloutId.slice(0, MAX_SHOWN);
  return {
    rolloutId: v.pipe(v.string(), v.literal(rolloutId, `must be "${shown}", as in the path`)),
    action: v.pipe(v.string(), v.literal(action, `must be "${action}", as in the path`)),
  };
}

/**
 * Reads the body of `POST /rollouts/{id}/{action}`.
 *
 * @throws {LatchkeyError} `bad-request` when it is not JSON, `not-valid` with every fault otherwise
 */
export function parseCommand(
  text: string | Uint8Array,
  path: ControlPath & { readonly action: Command['kind'] },
): Command {
  const of = `a request to ${path.action} a rollout`;
  const same = sameAs(path);
  switch (path.action) {
    case 'pause':
    case 'resume':
    case 'abort':
    case 'deny':
      parseJson(onlyThese(same, of), text);
      return { kind: path.action };
    case 'approve': {
      const { planDigest } = parseJson(
        onlyThese({ ...same, planDigest: PlanDigestText }, of),
        text,
      );
      return { kind: path.action, planDigest };
    }
    case 'resolve': {
      const entries = { ...same, as: v.picklist(['retry', 'skip']), instanceIds: InstanceIdList };
      const { as, instanceIds } = parseJson(onlyThese(entries, of), text);
      return { kind: path.action, as, instanceIds };
    }
  }
}

/** Reads the body of `POST /rollouts/{id}/undo`. Throws as `parseCommand`. */
export function parseUndo(
  text: string | Uint8Array,
  rolloutId: string,
): { readonly dryRun: boolean } {
  const same = sameAs({ rolloutId, action: 'undo' });
  const entries = { ...same, dryRun: v.optional(v.boolean(), false) };
  return { dryRun: parseJson(onlyThese(entries, 'an undo'), text).dryRun };
}

/** Reads the body of `POST /stop`. Throws as `parseCommand`. */
export function parseStop(text: string | Uint8Array): { readonly reason: string } {
  const reason = v.pipe(OneLine, v.regex(/\S/, 'must say why'));
  const entries = { action: v.literal('stop', 'must be "stop", as in the path'), reason };
  return { reason: parseJson(onlyThese(entries, 'a stop'), text).reason };
}

/** Reads the body of `POST /go`. Throws as `parseCommand`. */
export function parseGo(text: string | Uint8Array): void {
  const entries = { action: v.literal('go', 'must be "go", as in the path') };
  parseJson(onlyThese(entries, 'a go'), text);
}

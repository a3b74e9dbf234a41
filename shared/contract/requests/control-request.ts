import * as v from 'valibot';
import type { Command, Wish } from '../../domain/model/command.ts';
import { onlyThese, parseJson } from '../parse.ts';
import { InstanceIdList, PlanDigestText, Reason } from './texts.ts';

/** Longest id of a path that a message repeats: our own choice. */
const MAX_SHOWN = 100;

/** What `POST /rollouts/{id}/{action}` names in its path. */
export interface ControlPath {
  readonly rolloutId: string;
  readonly action: Command['kind'] | 'undo';
}

/**
 * The signature of a request covers its body but not its path: so the body repeats the action and the
 * rollout (docs/http.md).
 */
function sameAs({ rolloutId, action }: ControlPath) {
  const shown = rolloutId.slice(0, MAX_SHOWN);
  return {
    rolloutId: v.pipe(v.string(), v.literal(rolloutId, `must be "${shown}", as in the path`)),
    action: v.pipe(v.string(), v.literal(action, `must be "${action}", as in the path`)),
  };
}

/** The body of an action that takes no options. */
export function plainBody(path: ControlPath) {
  return onlyThese(sameAs(path), subjectOf(path));
}

export function approveBody(path: ControlPath) {
  return onlyThese({ ...sameAs(path), planDigest: PlanDigestText }, subjectOf(path));
}

export function resolveBody(path: ControlPath) {
  const entries = { as: v.picklist(['retry', 'skip']), instanceIds: InstanceIdList };
  return onlyThese({ ...sameAs(path), ...entries }, subjectOf(path));
}

export function undoBody(rolloutId: string) {
  const entries = {
    ...sameAs({ rolloutId, action: 'undo' }),
    dryRun: v.optional(v.boolean(), false),
    breakGlass: v.nullish(Reason, null),
  };
  return onlyThese(entries, 'an undo');
}

export const StopBody = onlyThese(
  { action: v.literal('stop', 'must be "stop", as in the path'), reason: Reason },
  'a stop',
);

export const GoBody = onlyThese(
  { action: v.literal('go', 'must be "go", as in the path') },
  'a go',
);

/** What each field means: in the OpenAPI document. */
export const CONTROL_HELP = {
  rolloutId: 'as in the path, because the signature does not cover the path',
  action: 'as in the path, because the signature does not cover the path',
  planDigest: "the rollout's planDigest: whoever approves has seen this plan",
  as: 'retry: permit one more restart; skip: leave these instances as they are',
  reason: 'why, in one line',
} as const;

function subjectOf({ action }: ControlPath): string {
  return `a request to ${action} a rollout`;
}

/**
 * Reads the body of `POST /rollouts/{id}/{action}`.
 *
 * @throws {LatchkeyError} `bad-request` when it is not JSON, `not-valid` with every fault otherwise
 */
export function parseCommand(
  text: string | Uint8Array,
  path: ControlPath & { readonly action: Command['kind'] },
): Wish {
  switch (path.action) {
    case 'pause':
    case 'resume':
    case 'abort':
    case 'deny':
      parseJson(plainBody(path), text);
      return { kind: path.action };
    case 'approve': {
      const { planDigest } = parseJson(approveBody(path), text);
      return { kind: path.action, planDigest };
    }
    case 'resolve': {
      const { as, instanceIds } = parseJson(resolveBody(path), text);
      return { kind: path.action, as, instanceIds };
    }
  }
}

/** Reads the body of `POST /rollouts/{id}/undo`. Throws as `parseCommand`. */
export function parseUndo(
  text: string | Uint8Array,
  rolloutId: string,
): { readonly dryRun: boolean; readonly breakGlass: string | null } {
  const { dryRun, breakGlass } = parseJson(undoBody(rolloutId), text);
  return { dryRun, breakGlass };
}

/** Reads the body of `POST /stop`. Throws as `parseCommand`. */
export function parseStop(text: string | Uint8Array): { readonly reason: string } {
  return { reason: parseJson(StopBody, text).reason };
}

/** Reads the body of `POST /go`. Throws as `parseCommand`. */
export function parseGo(text: string | Uint8Array): void {
  parseJson(GoBody, text);
}

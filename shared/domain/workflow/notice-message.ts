import { countOutcomes, statusOf } from '../model/outcome.ts';
import { now, type OutMessage } from '../model/messages.ts';
import type { Approval, Notice, NoticeKind, RestartState, Rollout } from '../model/rollout.ts';
import type { Channel } from '../policy/rules.ts';

/**
 * A message for each channel that subscribes to the notice. It describes the rollout as it is now: a message
 * that is made again after a crash has the same id and may contain more.
 */
export function noticeMessages(
  rollout: Rollout,
  notice: Notice,
  channels: readonly Channel[],
): OutMessage[] {
  const { rolloutId } = rollout;
  const { kind, atMs } = notice;
  return channels
    .filter(({ on }) => on.includes(kind))
    .map(({ id: channel }) =>
      now({
        kind: 'notice',
        notice: {
          id: `${rolloutId}-${kind}-${atMs}-${withoutPoints(channel)}`,
          rolloutId,
          channel,
          kind,
          atMs,
          attempt: 1,
          data: noticeData(rollout, kind),
        },
      }),
    );
}

/** A `webhook-id` must not contain a point, which separates the signed parts. Different channels stay different. */
function withoutPoints(channel: string): string {
  return channel.replaceAll('_', '__').replaceAll('.', '_-');
}

/** Compact, so that a message stays below 4 KB. A receiver that needs more reads the rollout. */
function noticeData(rollout: Rollout, kind: NoticeKind): Record<string, unknown> {
  const { request, origin, control, approval } = rollout;
  return {
    rolloutId: rollout.rolloutId,
    // Only notices are left to send.
    status: kind === 'ended' ? 'done' : statusOf(rollout),
    regionId: request.regionId,
    keyPair: { name: rollout.keyPair.name, fingerprint: rollout.keyPair.fingerprint },
    planDigest: rollout.planDigest,
    createdAtMs: rollout.createdAtMs,
    requestedBy: { door: origin.door, client: origin.client },
    note: request.note,
    ...(request.undoes === null ? {} : { undoes: request.undoes }),
    ...(request.breakGlass === null ? {} : { breakGlass: { reason: request.breakGlass } }),
    ...(approval === null ? {} : { approval: withoutFacts(approval) }),
    ...(control.kind === 'going'
      ? {}
      : { control: control.kind, cause: control.cause, by: control.by }),
    counts: { total: rollout.instances.length, ...countOutcomes(rollout.instances) },
    restarts: countRestarts(rollout),
  };
}

/** Without the facts, which may take 2 KB. */
function withoutFacts({ facts: _facts, ...approval }: Approval): Omit<Approval, 'facts'> {
  return approval;
}

function countRestarts({ instances }: Rollout): Partial<Record<RestartState['kind'], number>> {
  const counts: Partial<Record<RestartState['kind'], number>> = {};
  for (const { restart } of instances) {
    if (restart.kind === 'none') continue;
    counts[restart.kind] = (counts[restart.kind] ?? 0) + 1;
  }
  return counts;
}

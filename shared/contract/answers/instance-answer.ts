import type { RolloutInstance } from '../../domain/model/rollout.ts';
import { instanceStateOf } from '../../domain/workflow/instance-state.ts';
import type { AnswerOf } from './answer-of.ts';
import type {
  InstanceAnswer as Schema,
  RestartAnswer as RestartSchema,
} from './instance-schema.ts';

export type InstanceAnswer = AnswerOf<typeof Schema>;
type RestartAnswer = AnswerOf<typeof RestartSchema>;

/** One element of `results`. */
export function instanceAnswer(instance: RolloutInstance): InstanceAnswer {
  const { instanceId, name, zoneId, group, target, wave, restart, optOut, withheld } = instance;
  const { state, why, advice } = instanceStateOf(instance);
  return {
    instanceId,
    // What is undefined is left out of the JSON.
    name: name || undefined,
    zoneId: zoneId || undefined,
    group: group || undefined,
    keyPairName: target === null ? undefined : (target.keyPair?.name ?? null),
    ...attachIn(instance),
    next: nextOf(restart),
    isScalingMember: instance.isScalingMember || undefined,
    optOut: optOut || undefined,
    withheld: withheld || undefined,
    wave: restart.kind === 'none' ? undefined : wave,
    restart: restartIn(restart, advice),
    state,
    why: why || undefined,
    advice: advice || undefined,
  };
}

function attachIn({ attach, previousKeyPairName }: RolloutInstance) {
  switch (attach.kind) {
    case 'attached': {
      const { kind, atMs: attachedAtMs, requestId } = attach;
      return { kind, previousKeyPairName, attachedAtMs, requestId };
    }
    case 'failed': {
      const { kind, code, message, requestId } = attach;
      return { kind, code, message, requestId };
    }
    case 'skipped': {
      const { kind, reason, detail, effective } = attach;
      return { kind, reason, detail: detail || undefined, effective: effective ?? undefined };
    }
    case 'unknown': {
      const { kind, code } = attach;
      return { kind, code };
    }
    case 'waiting':
    case 'due': {
      const reason = attach.kind === 'due' ? attach.kind : attach.reason;
      return { kind: 'waiting' as const, reason, untilMs: attach.untilMs };
    }
  }
}

/** What is still to come. */
function nextOf(restart: RolloutInstance['restart']): InstanceAnswer['next'] {
  const isToCome = restart.kind === 'due' || restart.kind === 'claimed';
  return isToCome ? restart.how : 'none';
}

/** How far the restart is; undefined when none was asked for. */
function restartIn(restart: RolloutInstance['restart'], advice: string): RestartAnswer | undefined {
  switch (restart.kind) {
    case 'none':
      return undefined;
    case 'due': {
      const { kind, how, reason, notBeforeMs: untilMs } = restart;
      return reason === '' ? { kind, how } : { kind, how, reason, untilMs };
    }
    case 'claimed': {
      const { kind, how, attempt, atMs } = restart;
      return { kind, how, attempt, atMs };
    }
    case 'booting': {
      const { kind, how, attempt, proof, sinceMs: atMs, requestId, runningAtMs } = restart;
      return { kind, how, attempt, proof, atMs, requestId, runningAtMs };
    }
    case 'ready': {
      const { kind, how, attempt, proof, atMs, requestId } = restart;
      return { kind, how, attempt, proof, atMs, requestId };
    }
    case 'failed': {
      const { kind, how, attempt, code, message, requestId, runningAtMs } = restart;
      return { kind, how, attempt, code, message, advice, requestId, runningAtMs };
    }
    case 'dropped': {
      const { kind, how, attempt, why } = restart;
      return { kind, how, attempt, why };
    }
    case 'unknown': {
      const { kind, how, attempt, code, atMs, runningAtMs } = restart;
      return { kind, how, attempt, code, advice, atMs, runningAtMs };
    }
  }
}

import type { RolloutInstance } from '../../domain/model/rollout.ts';
import { instanceStateOf } from '../../domain/workflow/instance-state.ts';
import { adviceOn } from '../../domain/workflow/restart-advice.ts';
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
    ...(name === '' ? {} : { name }),
    ...(zoneId === '' ? {} : { zoneId }),
    ...(group === '' ? {} : { group }),
    ...(target === null ? {} : { keyPairName: target.keyPair?.name ?? null }),
    ...attachIn(instance),
    next: nextOf(restart),
    ...(instance.isScalingMember ? { isScalingMember: true } : {}),
    ...(optOut === '' ? {} : { optOut }),
    ...(withheld === '' ? {} : { withheld }),
    ...(restart.kind === 'none' ? {} : { wave }),
    ...restartIn(restart),
    state,
    ...(why === '' ? {} : { why }),
    ...(advice === '' ? {} : { advice }),
  };
}

function attachIn({ attach, previousKeyPairName }: RolloutInstance) {
  switch (attach.kind) {
    case 'attached':
      return {
        kind: attach.kind,
        previousKeyPairName,
        attachedAtMs: attach.atMs,
        requestId: attach.requestId,
      };
    case 'failed':
      return {
        kind: attach.kind,
        code: attach.code,
        message: attach.message,
        requestId: attach.requestId,
      };
    case 'skipped':
      return {
        kind: attach.kind,
        reason: attach.reason,
        ...(attach.detail === '' ? {} : { detail: attach.detail }),
        ...(attach.effective === null ? {} : { effective: attach.effective }),
      };
    case 'unknown':
      return { kind: attach.kind, code: attach.code };
    case 'waiting':
      return { kind: attach.kind, reason: attach.reason, untilMs: attach.untilMs };
    case 'due':
      return { kind: 'waiting' as const, reason: 'due' as const, untilMs: attach.untilMs };
  }
}

/** What is still to come. */
function nextOf(restart: RolloutInstance['restart']): InstanceAnswer['next'] {
  const isToCome = restart.kind === 'due' || restart.kind === 'claimed';
  return isToCome ? restart.how : 'none';
}

/** How far the restart is; nothing when none was asked for. */
function restartIn(restart: RolloutInstance['restart']): { restart?: RestartAnswer } {
  switch (restart.kind) {
    case 'none':
      return {};
    case 'due': {
      const { kind, how, reason, notBeforeMs: untilMs } = restart;
      return { restart: reason === '' ? { kind, how } : { kind, how, reason, untilMs } };
    }
    case 'claimed': {
      const { kind, how, attempt, atMs } = restart;
      return { restart: { kind, how, attempt, atMs } };
    }
    case 'booting': {
      const { kind, how, attempt, proof, sinceMs: atMs, requestId, runningAtMs } = restart;
      return { restart: { kind, how, attempt, proof, atMs, requestId, runningAtMs } };
    }
    case 'ready': {
      const { kind, how, attempt, proof, atMs, requestId } = restart;
      return { restart: { kind, how, attempt, proof, atMs, requestId } };
    }
    case 'failed': {
      const { kind, how, attempt, code, message, requestId, runningAtMs } = restart;
      const advice = adviceOn(code);
      return {
        restart: { kind, how, attempt, code, message, advice, requestId, runningAtMs },
      };
    }
    case 'dropped': {
      const { kind, how, attempt, why } = restart;
      return { restart: { kind, how, attempt, why } };
    }
    case 'unknown': {
      const { kind, how, attempt, code, atMs, runningAtMs } = restart;
      const advice = adviceOn(code);
      return { restart: { kind, how, attempt, code, advice, atMs, runningAtMs } };
    }
  }
}

import { outcomeKindOf } from '../../shared/domain/model/outcome.ts';
import type { RolloutInstance } from '../../shared/domain/model/rollout.ts';
import { adviceOn } from './advice.ts';

/** One element of `results`. */
export function viewInstance(instance: RolloutInstance): Record<string, unknown> {
  const { instanceId, name, zoneId, group, target, wave, restart, optOut, withheld } = instance;
  return {
    instanceId,
    ...(name === '' ? {} : { name }),
    ...(zoneId === '' ? {} : { zoneId }),
    ...(group === '' ? {} : { group }),
    ...(target === null ? {} : { keyPairName: target.keyPair?.name ?? null }),
    kind: outcomeKindOf(instance.attach),
    ...viewAttach(instance),
    next: nextOf(restart),
    ...(instance.isScalingMember ? { isScalingMember: true } : {}),
    ...(optOut === '' ? {} : { optOut }),
    ...(withheld === '' ? {} : { withheld }),
    ...(restart.kind === 'none' ? {} : { wave }),
    ...viewRestart(restart),
  };
}

function viewAttach({ attach, previousKeyPairName }: RolloutInstance): Record<string, unknown> {
  switch (attach.kind) {
    case 'attached':
      return { previousKeyPairName, attachedAtMs: attach.atMs, requestId: attach.requestId };
    case 'failed':
      return { code: attach.code, message: attach.message, requestId: attach.requestId };
    case 'skipped':
      return {
        reason: attach.reason,
        ...(attach.detail === '' ? {} : { detail: attach.detail }),
        ...(attach.effective === null ? {} : { effective: attach.effective }),
      };
    case 'unknown':
      return { code: attach.code };
    case 'waiting':
      return { reason: attach.reason, untilMs: attach.untilMs };
    case 'due':
      return { reason: 'due', untilMs: attach.untilMs };
  }
}

/** What is still to come. */
function nextOf(restart: RolloutInstance['restart']): string {
  const isToCome = restart.kind === 'due' || restart.kind === 'claimed';
  return isToCome ? restart.how : 'none';
}

/** How far the restart is; nothing when none was asked for. */
function viewRestart(restart: RolloutInstance['restart']): Record<string, unknown> {
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

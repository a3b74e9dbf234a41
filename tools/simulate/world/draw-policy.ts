import type { NoticeKind } from '../../../shared/domain/model/rollout.ts';
import type { Channel } from '../../../shared/domain/policy/rules.ts';
import type { Revocation } from '../../../test/models/model-policy.ts';
import type { Random } from '../../random.ts';
import { KEY_PAIRS } from './fleet.ts';

const KINDS: readonly NoticeKind[] = ['approval-needed', 'break-glass', 'halted', 'ended'];

export function drawChannels(random: Random): Channel[] {
  const ids = ['pager', 'log'].slice(0, random.between(0, 2));
  return ids.map((id) => ({ id, on: random.chance(0.7) ? KINDS : random.some(KINDS, 0.5) }));
}

export function drawRevocations(random: Random, nowMs: number): Revocation[] {
  if (!random.chance(0.12)) return [];
  // Most rollouts are under way then.
  const atMs = nowMs + random.between(1, random.chance(0.5) ? 60 : 900) * 1_000;
  const { name } = random.pick(KEY_PAIRS);
  return [{ name, fingerprint: null, reason: 'it leaked', atMs }];
}

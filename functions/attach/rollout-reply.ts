import { planAnswer } from '../../shared/contract/answers/plan-answer.ts';
import { rolloutAnswer } from '../../shared/contract/answers/rollout-answer.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { ROLLOUT_ID } from '../../shared/domain/model/ids.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import type { Answer } from '../../shared/domain/rollouts/ask-ports.ts';
import { type HttpReply, json } from '../../shared/inbound/fc.ts';
import type { ServePorts } from './serve-ports.ts';

type Showing = Pick<ServePorts, 'clock' | 'rules'>;

/** The rollout as it is now. */
export function rolloutReply(rollout: Rollout, { clock, rules }: Showing, status = 200): HttpReply {
  const hasGate = rules.hasGate(rollout.origin);
  return json(status, rolloutAnswer(rollout, { nowMs: clock.nowMs(), hasGate }));
}

/** What became of a request for a rollout: the plan, or the rollout, which may still go on. */
export function askedReply(answer: Answer, ports: Showing): HttpReply {
  if (answer.kind === 'dry-run') return json(200, planAnswer(answer));
  return rolloutReply(answer.rollout, ports, answer.rollout.phase === 'done' ? 200 : 202);
}

/** @throws {LatchkeyError} `not-found`, and what the store throws */
export async function loadRollout(
  rolloutId: string,
  verb: string,
  { rollouts }: Pick<ServePorts, 'rollouts'>,
): Promise<Rollout> {
  const rollout = ROLLOUT_ID.test(rolloutId) ? await rollouts.load(rolloutId) : undefined;
  if (rollout !== undefined) return rollout;
  const detail = `"${rolloutId.slice(0, 100)}": no such rollout`;
  throw new LatchkeyError('not-found', `Cannot ${verb} ${detail}`);
}

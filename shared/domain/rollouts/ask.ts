import type { Answer, Asker, AskPorts } from './ask-ports.ts';
import type { Invocation } from './carry-out.ts';
import { LatchkeyError } from '../model/errors.ts';
import { planAsked } from './plan-asked.ts';
import type { Origin, RolloutRequest } from '../model/request.ts';
import { rolloutIdOf } from './rollout-id.ts';
import { start } from './start.ts';
import { repeated } from './repeated.ts';

/**
 * What every door does with a request: check it, plan it, create the rollout, and attach what can be attached
 * now. The same request again returns the same rollout, even if the policy has changed.
 *
 * @throws {LatchkeyError} `forbidden` for what the policy does not permit (before ECS is asked, where the
 * request alone shows it); `not-valid` for a key pair that does not exist, and for a selector that matches no
 * instance or too many; `conflict` for another request under the same key; `plan-changed` when the plan is not
 * the expected one; `throttled` for a client with too many open rollouts; and what the ports throw. An error
 * before the rollout was created has changed nothing
 */
export async function ask(
  request: RolloutRequest,
  origin: Origin,
  ports: AskPorts,
  invocation: Invocation,
  asker: Asker = { client: null },
): Promise<Answer> {
  const rolloutId = rolloutIdOf(origin, ports.sha256);
  if (!request.dryRun) {
    const earlier = await ports.rollouts.load(rolloutId);
    if (earlier !== undefined) return repeated(earlier, origin);
  }
  checkConsistent(request);
  const planned = await planAsked({ request, origin, ...asker }, ports, invocation);
  return start({ rolloutId, origin, client: asker.client, ...planned }, ports, invocation);
}

/** A request cannot both wait for an approval and bypass it. */
function checkConsistent({ breakGlass, approveWithinSeconds }: RolloutRequest): void {
  if (breakGlass === null || approveWithinSeconds === null) return;
  const detail = 'cannot be combined with "breakGlass", which bypasses the approval';
  throw new LatchkeyError('not-valid', `Cannot wait for an approval: ${detail}`, {
    faults: [{ path: ['approveWithinSeconds'], detail }],
  });
}

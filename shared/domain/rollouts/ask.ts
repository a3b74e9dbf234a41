import type { Answer, Asker, AskPorts } from './ask-ports.ts';
import type { Invocation } from './carry-out.ts';
import { LatchkeyError } from '../model/errors.ts';
import { planAsked } from './plan-asked.ts';
import type { Origin, RolloutRequest } from '../model/request.ts';
import { rolloutIdOf } from './rollout-id.ts';
import { start } from './start.ts';
import { repeated } from './repeated.ts';

/**
 * What every door does with a request: judge it, plan it, create the rollout, and attach what can be
 * attached now. Asking the same again gives the same rollout, whatever the policy says by then.
 *
 * @throws {LatchkeyError} `forbidden` for what the policy does not permit, before ECS is asked where
 * the request alone says so; `not-valid` for a key pair that does not exist, and for a selector with no
 * instance or too many; `conflict` for another request under the same key; `plan-changed` for another
 * plan than expected; `throttled` for a client with too many unfinished rollouts; and what the ports
 * throw. Whatever is thrown before the rollout was created has changed nothing
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

/** To wait for an approval and to pass it by is not one wish. */
function checkConsistent({ breakGlass, approveWithinSeconds }: RolloutRequest): void {
  if (breakGlass === null || approveWithinSeconds === null) return;
  const detail = 'what breaks the glass waits for no approval';
  throw new LatchkeyError('not-valid', `Cannot wait for an approval: ${detail}`, {
    faults: [{ path: ['approveWithinSeconds'], detail }],
  });
}

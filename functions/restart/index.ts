import { rulesOf } from '../../shared/domain/policy/rules.ts';
import { gateAndChannelSecrets } from '../../shared/inbound/needed-secrets.ts';
import { entry } from '../entry.ts';
import { chatQueueOf } from '../wiring/chat-queue.ts';
import { gatesOf, notifierOf } from '../wiring/gates.ts';
import { rolloutPorts } from '../wiring/rollouts.ts';
import { telling } from '../wiring/telling.ts';
import { makeHandler } from './handler.ts';

export const { initialize, handler } = entry((base) => {
  const { policy, regionId, deadLetters } = base;
  const notifier = notifierOf(base);
  return telling(base, rolloutPorts(base, rulesOf(policy, gatesOf(base))), (ports) =>
    makeHandler({
      ...ports,
      ...(policy.chat === null ? {} : { chatQueue: chatQueueOf(base) }),
      policy,
      regionId,
      deadLetters,
      notifier,
    }),
  );
}, gateAndChannelSecrets);

import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import { rulesOf } from '../../shared/domain/policy/rules.ts';
import { gateAndChannelSecrets } from '../../shared/inbound/needed-secrets.ts';
import { entry } from '../entry.ts';
import { chatQueueOf } from '../wiring/chat-queue.ts';
import { gatesOf, notifierOf } from '../wiring/gates.ts';
import { rolloutPorts } from '../wiring/rollout-ports.ts';
import { withAuditAndCards } from '../wiring/audit-and-cards.ts';
import { makeHandler } from './handler.ts';

export const { initialize, handler } = entry(
  (base) => {
    const { policy, regionId, deadLetters } = base;
    const notifier = notifierOf(base);
    return withAuditAndCards(base, rolloutPorts(base, rulesOf(policy, gatesOf(base))), (ports) =>
      makeHandler({
        ...ports,
        ...(policy.chat === null ? {} : { chatQueue: chatQueueOf(base) }),
        policy,
        regionId,
        deadLetters,
        notifier,
      }),
    );
  },
  bodiesOf,
  gateAndChannelSecrets,
);

import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import { verifyingSecrets } from '../../shared/inbound/needed-secrets.ts';
import { buttonKey } from '../../shared/messengers/button-token.ts';
import { tablestoreGlobalStop } from '../../shared/outbound/store/global-stop.ts';
import { tablestoreLedger } from '../../shared/outbound/store/request-ledger.ts';
import { tablestoreRollouts } from '../../shared/outbound/store/rollouts.ts';
import { entry } from '../entry.ts';
import { chatQueueOf } from '../wiring/chat-queue.ts';
import { messengerAppsOf } from '../wiring/messenger-apps.ts';
import { storeOf } from '../wiring/store.ts';
import { makeHandler } from './handler.ts';

/**
 * The time limit of one call to store or queue: our own choice. Platforms wait for three seconds in all, cold
 * start included. A call without an answer may have succeeded, and the same line can be sent again.
 */
const CALL_MS = 1_200;

export const { initialize, handler } = entry(
  (base) => {
    const { policy, settings, regionId, log, clock } = base;
    const { chat } = policy;
    const store = storeOf(base, CALL_MS);
    const queue = base.queueNamed(settings.smqQueue, CALL_MS);
    return makeHandler({
      log,
      clock,
      regionId,
      queue,
      people: policy.people,
      apps: messengerAppsOf(base),
      buttonKeys: (settings.buttonSecrets.get(chat?.buttonSecretName ?? '') ?? []).map(buttonKey),
      // Without a chat door no request is accepted, and nothing is ever sent to this queue.
      chatQueue: chat === null ? queue : chatQueueOf(base, CALL_MS),
      ledger: tablestoreLedger(store),
      stop: tablestoreGlobalStop(store, regionId),
      rollouts: tablestoreRollouts(store, { log }),
    });
  },
  bodiesOf,
  verifyingSecrets,
);

import { verifyingSecrets } from '../../shared/inbound/needed-secrets.ts';
import { slackMessage } from '../../shared/messengers/slack/slack-render.ts';
import { tablestoreGlobalStop } from '../../shared/outbound/store/global-stop.ts';
import { tablestoreLedger } from '../../shared/outbound/store/request-ledger.ts';
import { tablestoreRollouts } from '../../shared/outbound/store/rollouts.ts';
import { entry } from '../entry.ts';
import { chatQueueOf } from '../wiring/chat-queue.ts';
import { storeOf } from '../wiring/store.ts';
import { doorsOf, NO_DOORS } from './doors.ts';
import { makeHandler } from './handler.ts';

/**
 * One call to store or queue: platforms wait for three seconds in all, with a cold start. Our own choice.
 * What is not answered then may have been done; the same line can be sent again.
 */
const CALL_MS = 1_200;

export const { initialize, handler } = entry((base) => {
  const { policy, settings, regionId, log, clock } = base;
  const store = storeOf(base, CALL_MS);
  const queue = base.queueNamed(settings.smqQueue, CALL_MS);
  return makeHandler({
    log,
    clock,
    regionId,
    queue,
    people: policy.people,
    // Without a chat door nothing is taken, and so nothing answered.
    doors: policy.chat === null ? NO_DOORS : doorsOf(policy.chat, settings),
    chatQueue: policy.chat === null ? queue : chatQueueOf(base, CALL_MS),
    renderSlack: slackMessage,
    ledger: tablestoreLedger(store),
    stop: tablestoreGlobalStop(store, regionId),
    rollouts: tablestoreRollouts(store, { log }),
  });
}, verifyingSecrets);

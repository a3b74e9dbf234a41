import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { buttonKey, signButtonToken } from '../../shared/messengers/button-token.ts';
import { chatOut } from '../../shared/messengers/chat-out.ts';
import { OUTBOUND } from '../../shared/messengers/registry/outbound.ts';
import { postingSecrets } from '../../shared/inbound/needed-secrets.ts';
import { sha256 } from '../../shared/outbound/sha256.ts';
import { tablestoreCards } from '../../shared/outbound/store/cards.ts';
import { tablestoreLedger } from '../../shared/outbound/store/request-ledger.ts';
import { tablestoreRollouts } from '../../shared/outbound/store/rollouts.ts';
import { entry } from '../entry.ts';
import { chatQueueOf } from '../wiring/chat-queue.ts';
import { messengerAppsOf } from '../wiring/messenger-apps.ts';
import { storeOf } from '../wiring/store.ts';
import { makeHandler } from './handler.ts';

export const { initialize, handler } = entry(
  (base) => {
    const { policy, settings, log, clock, deadLetters, queue, sockets } = base;
    const { chat } = policy;
    const store = storeOf(base);
    const [secret] = chat === null ? [] : (settings.buttonSecrets.get(chat.buttonSecretName) ?? []);
    const key = secret && buttonKey(secret);
    return makeHandler({
      log,
      clock,
      policy,
      deadLetters,
      sha256,
      // Without a chat door nothing is ever sent to this queue.
      chatQueue: chat === null ? queue : chatQueueOf(base),
      chatOut: chatOut({ apps: messengerAppsOf(base), sockets, nowMs: clock.nowMs, log }),
      updateEveryMs: (platform) => OUTBOUND[platform].updateEveryMs,
      ledger: tablestoreLedger(store),
      cards: tablestoreCards(store),
      rollouts: tablestoreRollouts(store, { log }),
      signButton(terms) {
        if (key !== undefined) return signButtonToken(terms, key);
        throw new LatchkeyError('not-valid', 'Cannot sign a button: the policy has no chat door');
      },
    });
  },
  bodiesOf,
  postingSecrets,
);

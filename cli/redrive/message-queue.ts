import * as v from 'valibot';
import { chatQueueMessage, resultsQueueMessage } from '../../shared/contract/messages/codec.ts';

/** A queue that triggers a function, by its name in the settings. */
export type MessageQueue = 'results' | 'chat';

/** The queue whose function, `restart` or `messenger`, reads such messages; undefined for none. */
export function queueOf(message: unknown): MessageQueue | undefined {
  if (v.is(resultsQueueMessage(), message)) return 'results';
  return v.is(chatQueueMessage(), message) ? 'chat' : undefined;
}

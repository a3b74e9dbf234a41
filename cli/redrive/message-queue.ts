import * as v from 'valibot';
import { ChatQueueMessage, ResultsQueueMessage } from '../../shared/contract/messages/codec.ts';

/** A queue that triggers a function, by its name in the settings. */
export type MessageQueue = 'results' | 'chat';

/** The queue whose function, `restart` or `messenger`, reads such messages; undefined for none. */
export function queueOf(message: unknown): MessageQueue | undefined {
  if (v.is(ResultsQueueMessage, message)) return 'results';
  return v.is(ChatQueueMessage, message) ? 'chat' : undefined;
}

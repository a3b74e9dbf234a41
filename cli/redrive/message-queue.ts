import * as v from 'valibot';
import { ChatQueueMessage, ResultsQueueMessage } from '../../shared/contract/messages/codec.ts';

/** A queue that a function of ours is delivered, as the settings name it. */
export type MessageQueue = 'results' | 'chat';

/** Which messages belong to which queue: those that its function, `restart` or `messenger`, reads. */
const MESSAGES = { results: ResultsQueueMessage, chat: ChatQueueMessage } as const;

const QUEUES: readonly MessageQueue[] = ['results', 'chat'];

/** undefined when no function of ours could read it. */
export function queueOf(message: unknown): MessageQueue | undefined {
  return QUEUES.find((queue) => v.is(MESSAGES[queue], message));
}

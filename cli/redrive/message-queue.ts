import * as v from 'valibot';
import { Message } from '../../shared/inbound/messages.ts';
import { ChatMessage } from '../../shared/inbound/messenger-event.ts';

/** A queue that triggers a function, by its name in the settings. */
export type MessageQueue = 'results' | 'chat';

/** The queue whose function, `restart` or `messenger`, reads such messages; undefined for none. */
export function queueOf(message: unknown): MessageQueue | undefined {
  if (v.is(Message, message)) return 'results';
  return v.is(ChatMessage, message) ? 'chat' : undefined;
}

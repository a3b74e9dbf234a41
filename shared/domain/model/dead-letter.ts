import type { OutMessage } from './ports.ts';

/** What could not be processed, and why, for a person to look at. */
export function deadLetter({
  text,
  why,
}: {
  readonly text: string;
  readonly why: string;
}): OutMessage {
  return { body: JSON.stringify({ schema: 'latchkey.dead/1', why, text }), delaySeconds: 0 };
}

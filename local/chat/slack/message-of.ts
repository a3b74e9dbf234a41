import type { Body } from '../conversation.ts';
import { type Fields, objectsIn, strangers } from '../wire.ts';
import { memberOf } from '../workspace.ts';
import { blockFaults } from './check-blocks.ts';

/** "truncated above 40,000": https://docs.slack.dev/reference/methods/chat.postMessage */
const MAX_TEXT = 40_000;
/** Of all blocks as JSON. Slack does not document it; users measured it: https://github.com/slackapi/bolt-js/issues/2509 */
const MAX_BLOCKS_JSON = 13_200;

export type Read =
  | { readonly kind: 'body'; readonly body: Body }
  /** The `error` of Slack's answer, and its details if Slack gives any. */
  | { readonly kind: 'fault'; readonly error: string; readonly details: readonly string[] };

/**
 * Reads the text and blocks of one message.
 *
 * @param others names of the other fields that the method accepts
 */
export function readMessage(fields: Fields, others: readonly string[]): Read {
  const unknown = strangers(fields, ['text', 'blocks', ...others]);
  if (unknown.length > 0) {
    // Slack ignores some unknown names. Here each of them is an error, so that typos are found.
    return fault(
      'invalid_arguments',
      unknown.map((name) => `invalid additional property: ${name}`),
    );
  }
  const { text = '', blocks } = fields;
  if (typeof text !== 'string')
    return fault('invalid_arguments', ['must be a string [json-pointer:/text]']);
  if (text.length > MAX_TEXT) return fault('msg_too_long');
  if (blocks === undefined) {
    return text === '' ? fault('no_text') : { kind: 'body', body: { kind: 'text', text } };
  }
  const faults = blockFaults(blocks);
  if (faults.length > 0) return fault('invalid_blocks', faults);
  if (JSON.stringify(blocks).length > MAX_BLOCKS_JSON) return fault('msg_blocks_too_long');
  return { kind: 'body', body: { kind: 'blocks', text, blocks: blocks as unknown[] } };
}

function fault(error: string, details: readonly string[] = []): Read {
  return { kind: 'fault', error, details };
}

/** Members that a message notifies. Mentions work in mrkdwn and in rich text only. */
export function mentionsIn(body: Body): string[] {
  if (body.kind === 'text') return mentionsOf(body.text);
  if (body.kind !== 'blocks') return [];
  const found = [...objectsIn(body.blocks)].flatMap(({ type, text, user_id: user }) => {
    if (type === 'mrkdwn' && typeof text === 'string') return mentionsOf(text);
    return type === 'user' && typeof user === 'string' ? mentionsOf(`<@${user}>`) : [];
  });
  return [...new Set(found)];
}

function mentionsOf(mrkdwn: string): string[] {
  return [...mrkdwn.matchAll(/<(@[A-Z0-9]+|!(?:channel|here|everyone))(?:\|[^>]*)?>/g)].map(
    ([, target]) => memberOf('slack', target!.slice(1))?.id ?? target!,
  );
}

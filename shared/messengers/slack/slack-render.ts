import type { Card, CardBlock, CardButton } from '../../domain/model/card.ts';
import { TONE_MARK } from '../tone-mark.ts';
import { firstThatFit, inPieces, MORE, plainLine, plainText } from '../plain-text.ts';

/** Slack shows `plain_text` as it is: it contains no links and no mentions. */
interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

/** The blocks of Block Kit that are used here: https://docs.slack.dev/reference/block-kit/blocks */
export type SlackBlock =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText }
  | { readonly type: 'section'; readonly fields: readonly PlainText[] }
  | { readonly type: 'rich_text'; readonly elements: readonly [Preformatted] }
  | { readonly type: 'context'; readonly elements: readonly [Mrkdwn] }
  | { readonly type: 'actions'; readonly elements: readonly SlackButton[] };

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block: its texts are not mrkdwn. */
interface Preformatted {
  readonly type: 'rich_text_preformatted';
  readonly elements: readonly [{ readonly type: 'text'; readonly text: string }];
}

interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

interface SlackButton {
  readonly type: 'button';
  readonly action_id: string;
  readonly text: PlainText;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: {
    readonly title: PlainText;
    readonly text: PlainText;
    readonly confirm: PlainText;
    readonly deny: PlainText;
    readonly style: 'primary' | 'danger';
  };
}

export interface SlackMessage {
  /** For notifications, and for clients that cannot show blocks. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

/** https://docs.slack.dev/reference/block-kit/blocks */
const MAX_BLOCKS = 50;
/** https://docs.slack.dev/reference/block-kit/blocks/header-block */
const MAX_HEADER = 150;
/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
const MAX_SECTION = 3_000;
const MAX_FIELDS = 10;
const MAX_FIELD = 2_000;
/** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
const MAX_BUTTONS = 25;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const MAX_BUTTON_TEXT = 75;
const MAX_BUTTON_VALUE = 2_000;
/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
const MAX_CONFIRM_TITLE = 100;
const MAX_CONFIRM_TEXT = 300;
const MAX_CONFIRM_ANSWER = 30;
/**
 * All blocks together, as JSON. No limit is documented, but Slack refuses about 13,200 characters with
 * `msg_blocks_too_long`: https://github.com/slackapi/bolt-js/issues/2509
 */
const MAX_JSON = 12_000;

/** https://docs.slack.dev/reference/objects/user-object gives no form: this is the form of all ids that were seen. */
const USER_ID = /^[UW][A-Z0-9]{1,30}$/;

/**
 * A card in Block Kit. Texts are `plain_text` and rich text, never mrkdwn, so that no note can mention or link. Only
 * the mention is mrkdwn, and its id must have the form of a user id.
 *
 * Blocks beyond Slack's limits are left out at the end, and a line says so. Buttons are never left out.
 */
export function slackMessage(card: Card): SlackMessage {
  const title = plainLine(card.title, MAX_HEADER - TONE_MARK[card.tone].length) || 'Latchkey';
  const head: SlackBlock[] = [
    { type: 'header', text: plain(`${TONE_MARK[card.tone]}${title}`) },
    ...mentionOf(card.mention),
  ];
  const last = actionsOf(card.buttons);
  const body = firstThatFit(card.blocks.flatMap(blocksOf), section(MORE), (parts) => {
    const blocks = [...head, ...parts, ...last];
    return blocks.length <= MAX_BLOCKS && JSON.stringify(blocks).length <= MAX_JSON;
  });
  return { text: escaped(`${TONE_MARK[card.tone]}${title}`), blocks: [...head, ...body, ...last] };
}

function blocksOf(block: CardBlock): SlackBlock[] {
  switch (block.kind) {
    case 'text':
      return inPieces(plainText(block.text), MAX_SECTION).map(section);
    case 'code':
      return inPieces(plainText(block.text), MAX_SECTION).map(preformatted);
    case 'facts':
      return fieldsOf(block.facts);
  }
}

function fieldsOf(facts: readonly (readonly [string, string])[]): SlackBlock[] {
  const fields = facts.map(([label, value]) =>
    plain(plainText(`${plainLine(label)}\n${plainText(value)}`, MAX_FIELD)),
  );
  const rows = Math.ceil(fields.length / MAX_FIELDS);
  return Array.from({ length: rows }, (_, row) => ({
    type: 'section',
    fields: fields.slice(row * MAX_FIELDS, (row + 1) * MAX_FIELDS),
  }));
}

function actionsOf(buttons: readonly CardButton[]): SlackBlock[] {
  const elements = buttons
    .filter(({ token }) => token.length <= MAX_BUTTON_VALUE)
    .slice(0, MAX_BUTTONS)
    .map(buttonOf);
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

function buttonOf({ action, label, style, confirm, token }: CardButton, n: number): SlackButton {
  const name = plainLine(label) || action;
  const text = plainLine(confirm, MAX_CONFIRM_TEXT);
  return {
    type: 'button',
    action_id: `latchkey:${action}:${n}`,
    text: plain(plainLine(name, MAX_BUTTON_TEXT)),
    value: token,
    ...(style === 'plain' ? {} : { style }),
    ...(text === ''
      ? {}
      : {
          confirm: {
            title: plain(plainLine(name, MAX_CONFIRM_TITLE)),
            text: plain(text),
            confirm: plain(plainLine(name, MAX_CONFIRM_ANSWER)),
            deny: plain('Cancel'),
            style: style === 'danger' ? 'danger' : 'primary',
          },
        }),
  };
}

function mentionOf(user: string | null): SlackBlock[] {
  if (user === null || !USER_ID.test(user)) return [];
  return [{ type: 'context', elements: [{ type: 'mrkdwn', text: `<@${user}>`, verbatim: true }] }];
}

function section(text: string): SlackBlock {
  return { type: 'section', text: plain(text) };
}

function preformatted(text: string): SlackBlock {
  const elements = [{ type: 'text', text }] as const;
  return { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements }] };
}

function plain(text: string): PlainText {
  return { type: 'plain_text', text, emoji: false };
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping: `text` of a message is mrkdwn. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

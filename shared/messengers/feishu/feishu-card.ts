import type { Card, CardBlock, CardButton } from '../../domain/model/card.ts';
import { firstThatFit, inPieces, MORE, plainLine, plainText } from '../plain-text.ts';

/** Feishu shows `plain_text` as it is: it contains no links and no mentions. */
interface PlainText {
  readonly tag: 'plain_text';
  readonly content: string;
}

/** Feishu refuses a card with an unknown property, so that the types allow no other properties. */
export type FeishuElement =
  | { readonly tag: 'div'; readonly text: PlainText }
  | { readonly tag: 'markdown'; readonly content: string }
  | {
      readonly tag: 'column_set';
      readonly flex_mode: 'stretch' | 'flow';
      readonly columns: readonly FeishuColumn[];
    }
  | FeishuButton;

interface FeishuColumn {
  readonly tag: 'column';
  readonly width: 'weighted' | 'auto';
  readonly weight?: number;
  readonly elements: readonly FeishuElement[];
}

interface FeishuButton {
  readonly tag: 'button';
  readonly text: PlainText;
  readonly type: 'primary' | 'danger' | 'default';
  readonly confirm?: { readonly title: PlainText; readonly text: PlainText };
  readonly behaviors: readonly [{ readonly type: 'callback'; readonly value: { token: string } }];
}

/** https://open.feishu.cn/document/feishu-cards/card-json-v2-structure */
export interface FeishuCard {
  readonly schema: '2.0';
  /** Only a shared card can be updated: https://open.feishu.cn/document/server-docs/im-v1/message-card/patch */
  readonly config: {
    readonly update_multi: true;
    readonly enable_forward: false;
    readonly summary: { readonly content: string };
  };
  readonly header: {
    readonly title: PlainText;
    readonly template: 'blue' | 'green' | 'orange' | 'red';
  };
  readonly body: { readonly elements: readonly FeishuElement[] };
}

/**
 * The request with the card in it: 30 KB, less 2 KB for what is around it.
 * https://open.feishu.cn/document/server-docs/im-v1/message/create
 */
const MAX_BYTES = 28 * 1_024;
/** Everything that has a tag: https://open.feishu.cn/document/feishu-cards/card-json-v2-structure */
const MAX_TAGS = 200;
/** https://open.feishu.cn/document/feishu-cards/card-json-v2-components/interactive-components/button */
const MAX_BUTTON_TEXT = 100;
/** Our own choices. */
const MAX_TITLE = 200;
const MAX_PIECE = 3_000;
const MAX_FACT = 2_000;
const MAX_CONFIRM = 300;
const MAX_BUTTONS = 10;

/** An open_id, as in the documentation's examples. */
const OPEN_ID = /^ou_[A-Za-z0-9]{1,80}$/;

const TEMPLATE = { neutral: 'blue', good: 'green', warning: 'orange', bad: 'red' } as const;

/**
 * A card in JSON 2.0. Texts are `plain_text`, so that no note can mention or link. Only code and the mention are
 * markdown: code is cleaned of everything that could be a tag or end the code, and the mention's id must have the form
 * of an open_id.
 *
 * Elements beyond Feishu's limits are left out at the end, and a line says so. Buttons are never left out. Cards cannot
 * be forwarded, because their buttons are valid only where they were posted.
 */
export function feishuCard(card: Card): FeishuCard {
  const title = plainLine(card.title, MAX_TITLE) || 'Latchkey';
  const head = mentionOf(card.mention);
  const last = buttonsOf(card.buttons);
  const whole = (parts: readonly FeishuElement[]): FeishuCard => ({
    schema: '2.0',
    config: { update_multi: true, enable_forward: false, summary: { content: title } },
    header: { title: plain(title), template: TEMPLATE[card.tone] },
    body: { elements: [...head, ...parts, ...last] },
  });
  const parts = firstThatFit(card.blocks.flatMap(elementsOf), div(MORE), (some) => {
    const json = JSON.stringify(whole(some));
    return tagsIn(json) <= MAX_TAGS && Buffer.byteLength(JSON.stringify(json)) <= MAX_BYTES;
  });
  return whole(parts);
}

/** No text can look like it, because JSON escapes quotes in texts. */
function tagsIn(json: string): number {
  return json.split('"tag":"').length - 1;
}

function elementsOf(block: CardBlock): FeishuElement[] {
  switch (block.kind) {
    case 'text':
      return inPieces(plainText(block.text), MAX_PIECE).map(div);
    case 'code':
      return inPieces(plainText(block.text), MAX_PIECE).map(code);
    case 'facts':
      return pairsOf(block.facts);
  }
}

/** Two in a row, or one below the other if there is no room. */
function pairsOf(facts: readonly (readonly [string, string])[]): FeishuElement[] {
  const cells = facts.map(([label, value]) =>
    div(plainText(`${plainLine(label)}\n${plainText(value)}`, MAX_FACT)),
  );
  return Array.from({ length: Math.ceil(cells.length / 2) }, (_, row) => ({
    tag: 'column_set',
    flex_mode: 'stretch',
    columns: cells.slice(2 * row, 2 * row + 2).map((cell) => ({
      tag: 'column',
      width: 'weighted',
      weight: 1,
      elements: [cell],
    })),
  }));
}

function buttonsOf(buttons: readonly CardButton[]): FeishuElement[] {
  if (buttons.length === 0) return [];
  const columns = buttons
    .slice(0, MAX_BUTTONS)
    .map((button) => ({ tag: 'column', width: 'auto', elements: [buttonOf(button)] }) as const);
  return [{ tag: 'column_set', flex_mode: 'flow', columns }];
}

function buttonOf({ action, label, style, confirm, token }: CardButton): FeishuButton {
  const name = plain(plainLine(label, MAX_BUTTON_TEXT) || action);
  const text = plainLine(confirm, MAX_CONFIRM);
  return {
    tag: 'button',
    text: name,
    type: style === 'plain' ? 'default' : style,
    ...(text === '' ? {} : { confirm: { title: name, text: plain(text) } }),
    behaviors: [{ type: 'callback', value: { token } }],
  };
}

function mentionOf(user: string | null): FeishuElement[] {
  if (user === null || !OPEN_ID.test(user)) return [];
  return [{ tag: 'markdown', content: `<at id=${user}></at>` }];
}

/**
 * https://open.feishu.cn/document/feishu-cards/card-json-v2-components/content-components/rich-text documents
 * code blocks as in CommonMark, and Feishu's own tags, but not which of them wins.
 */
function code(text: string): FeishuElement {
  const harmless = text
    .replaceAll('`', 'ˋ')
    .replaceAll('<', '＜')
    .replaceAll(/&(?=#|[a-z]+;)/gi, '＆');
  return { tag: 'markdown', content: `\`\`\`\n${harmless}\n\`\`\`` };
}

function div(content: string): FeishuElement {
  return { tag: 'div', text: plain(content) };
}

function plain(content: string): PlainText {
  return { tag: 'plain_text', content };
}

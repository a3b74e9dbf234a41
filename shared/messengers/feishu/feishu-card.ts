import type { Card, CardBlock, CardButton } from '../../domain/model/card.ts';
import { firstThatFit, MORE } from '../first-that-fit.ts';
import { inPieces, plainLine, plainText } from '../plain-text.ts';

/** `plain_text` is shown as it is, nothing in it links or mentions. */
interface PlainText {
  readonly tag: 'plain_text';
  readonly content: string;
}

/** Properties that Feishu does not know make the whole card fail: there are no others than these. */
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
  /** Only a card that is shared before and after can be updated: https://open.feishu.cn/document/server-docs/im-v1/message-card/patch */
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
 * A card in JSON 2.0. Texts are `plain_text`: nothing that somebody wrote into a note mentions or links.
 * Only code and the mention are markdown: in code nothing is left that could be a tag or end it, and the
 * mention's id has the form of one.
 *
 * What does not fit Feishu's limits is left out at the end, with a line that says so; buttons never are.
 * Cards cannot be forwarded: their buttons count where they were posted.
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

/** No text can look like it: in JSON its quotes are escaped. */
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

/** Two in a row; one below the other where there is no room. */
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
 * https://open.feishu.cn/document/feishu-cards/card-json-v2-components/content-components/rich-text has
 * code blocks as CommonMark does, and tags of its own: which comes first it does not say.
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

import type { Card, CardBlock } from '../../domain/model/card.ts';
import { TONE_MARK } from '../tone-mark.ts';
import { plainLine, plainText } from '../plain-text.ts';

/**
 * Text for DingTalk. No kind of text there is surely shown as it is: clients look for mentions and addresses in texts,
 * and the operator's template decides how a variable is shown. So the characters that make a mention, a tag, an address
 * or a link are replaced by characters that look alike.
 *
 * A client may still turn a bare host name into a link. Host names stay, because instances are named like hosts.
 */
export function harmless(text: string): string {
  return plainText(text)
    .replaceAll('@', '＠')
    .replaceAll('<', '＜')
    .replaceAll('](', '] (')
    .replaceAll(/:(?=\/\/)/g, '：')
    .replaceAll(/\bwww\.(?=\S)/gi, (www) => `${www.slice(0, -1)}．`);
}

export function harmlessLine(text: string, max = Number.POSITIVE_INFINITY): string {
  return plainLine(harmless(text), max);
}

/** All blocks as text, with an empty line between them. */
export function bodyText(blocks: readonly CardBlock[], max: number): string {
  const texts = blocks.map(blockText).filter((text) => text.trim() !== '');
  return plainText(texts.join('\n\n'), max);
}

function blockText(block: CardBlock): string {
  switch (block.kind) {
    case 'text':
    case 'code':
      return harmless(block.text);
    case 'facts':
      return block.facts
        .map(([label, value]) => `${harmlessLine(label)}: ${harmless(value)}`)
        .join('\n');
  }
}

/** Documented for group robots: 20,000 bytes. For robots of apps no limit is. A character has at most 3 bytes. */
const MAX_TEXT = 6_000;

/** A card as a text message, without buttons. */
export function dingtalkText({ title, tone, blocks }: Card): string {
  const body = bodyText(blocks, MAX_TEXT);
  return plainText(`${TONE_MARK[tone]}${harmlessLine(title)}\n\n${body}`.trim(), MAX_TEXT);
}

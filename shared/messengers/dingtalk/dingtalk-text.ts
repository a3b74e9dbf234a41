import type { Card, CardBlock } from '../../domain/model/card.ts';
import { TONE_MARK } from '../tone-mark.ts';
import { plainLine, plainText } from '../plain-text.ts';

/**
 * Text for DingTalk, where there is none that is surely shown as it is: its clients look for mentions and
 * addresses in texts, and what a template binds to a variable is the operator's. So what makes a mention,
 * a tag, an address or a link gives way to something that looks alike.
 *
 * A bare name of a host may still be made a link by a client: host names are also names of instances.
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

/** All blocks one below the other, with an empty line between them. */
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

/** No limit is documented for robots of apps; group robots take 20,000 bytes. A character has 3 at most. */
const MAX_TEXT = 6_000;

/** A card as a message of text, without its buttons. */
export function dingtalkText({ title, tone, blocks }: Card): string {
  const body = bodyText(blocks, MAX_TEXT);
  return plainText(`${TONE_MARK[tone]}${harmlessLine(title)}\n\n${body}`.trim(), MAX_TEXT);
}

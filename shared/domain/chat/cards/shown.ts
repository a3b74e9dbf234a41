import type { Card, CardBlock } from '../../model/card.ts';
import type { Approval, Rollout } from '../../model/rollout.ts';
import type { NextStep } from '../../workflow/next-steps.ts';
import type { Fact } from './blast-radius.ts';
import { askedBy, whoIn } from './who.ts';
import { inOneLine, MAX_NOTE } from './words.ts';

/** What one state of a rollout shows: all of a card but its buttons. */
export type Shown = Pick<Card, 'title' | 'tone' | 'blocks'>;

/**
 * What is signed and sent for a step where the chat has no word for it: whoever makes the cards knows the
 * transport.
 *
 * @param most characters of the text
 */
export type SignedText = (rolloutId: string, step: NextStep, most: number) => string;

/** Longest text of a signed call on a card: our own choice. */
export const MAX_SIGNED_TEXT = 800;

/** A card without buttons, which mentions nobody. */
export function plainCard(title: string, tone: Card['tone'], blocks: Card['blocks']): Card {
  return { title, tone, blocks, buttons: [], mention: null };
}

export function textBlock(lines: readonly string[]): CardBlock[] {
  return lines.length === 0 ? [] : [{ kind: 'text', text: lines.join('\n') }];
}

export function factsBlock(facts: readonly Fact[]): CardBlock[] {
  return facts.length === 0 ? [] : [{ kind: 'facts', facts }];
}

export function codeBlock(text: string): CardBlock {
  return { kind: 'code', text };
}

/** Who asked, why, and how the glass was broken. */
export function aboutLines({ origin, request }: Pick<Rollout, 'origin' | 'request'>): string[] {
  const { note, breakGlass } = request;
  return [
    `Requested by ${askedBy(origin)}.`,
    ...(note === '' ? [] : [`Note: ${inOneLine(note, MAX_NOTE)}`]),
    ...(breakGlass === null ? [] : [`Break glass: ${inOneLine(breakGlass, MAX_NOTE)}`]),
  ];
}

/** How the approval ended; empty without an approval or a decision. */
export function decisionFacts(approval: Approval | null): Fact[] {
  if (approval === null || approval.state === 'waiting') return [];
  const by = approval.given.length > 0 ? approval.given.map(whoOf).join(', ') : whoIn(approval.by);
  switch (approval.state) {
    case 'approved':
      return [['Approved by', by]];
    case 'denied':
      return [['Denied by', whoIn(approval.by)]];
    case 'expired':
      return [['Approval', 'nobody approved it in time']];
    case 'changed':
      return [['Approval', 'ended: the plan has changed']];
  }
}

export function whoOf(name: string): string {
  return inOneLine(name, MAX_NOTE);
}

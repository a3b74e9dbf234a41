import { wordsCard } from '../../shared/domain/chat/cards/answer-cards.ts';
import { codeBlock, factsBlock, textBlock } from '../../shared/domain/chat/cards/shown.ts';
import { counted, inOneLine, MAX_NOTE, utc } from '../../shared/domain/chat/cards/words.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import type { ChatAccount, ChatPlace } from '../../shared/domain/model/chat.ts';
import type { StopState } from '../../shared/domain/rollouts/global-stop.ts';

/** Longest canonical form that is shown: our own choice, a list of ids can be long. */
const MAX_LINE = 1_000;
/** Longest fault and hint: our own choice. */
const MAX_FAULT = 600;

/** What was understood, and under which id it is on its way. */
export function understoodCard(text: string, orderId: string): Card {
  return {
    title: 'Understood',
    tone: 'neutral',
    blocks: [
      codeBlock(inOneLine(text, MAX_LINE)),
      ...textBlock([`Order ${orderId}: what becomes of it follows.`]),
    ],
    buttons: [],
    mention: null,
  };
}

/** A line that is no command, and what would be one. */
export function faultCard(message: string, hint: string): Card {
  const lines = [message, hint].filter((line) => line !== '');
  const shown = lines.map((line) => inOneLine(line, MAX_FAULT));
  return wordsCard('Not understood', shown, 'warning');
}

/** Who the platform says that somebody is, in the words of the policy, and who the policy says. */
export function whoamiCard(account: ChatAccount, place: ChatPlace | null, person?: string): Card {
  const { platform, tenant, user } = account;
  const title = person === undefined ? 'Nobody that the policy knows' : `You are ${person}`;
  return {
    title,
    tone: person === undefined ? 'warning' : 'neutral',
    blocks: [
      ...(person === undefined
        ? textBlock(['Whoever deploys Latchkey can name you under "people", with this account:'])
        : []),
      codeBlock(JSON.stringify({ platform, tenant, user })),
      ...factsBlock(place === null ? [] : [['This conversation', place.channel]]),
    ],
    buttons: [],
    mention: null,
  };
}

/** The global stop, as it is now. */
export function stopCard({ stop, openRollouts }: StopState): Card {
  const open = `${counted(openRollouts, 'rollout')} not over`;
  if (stop === null) return wordsCard('Rollouts go on', [`Nothing is stopped; ${open}.`], 'good');
  const lines = [
    `Before its next restart each rollout waits until somebody says "go"; ${open}.`,
    `Stopped by ${inOneLine(stop.by, MAX_NOTE)}, ${utc(stop.atMs)}.`,
    ...(stop.reason === '' ? [] : [`Reason: ${inOneLine(stop.reason, MAX_NOTE)}`]),
  ];
  return wordsCard('Everything is stopped', lines, 'warning');
}

/** In a line of a few words, where there is no room for a card. */
export function inFewWords({ title, blocks }: Card): string {
  const [text] = blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : []));
  return inOneLine(text === undefined ? title : `${title}: ${text}`, MAX_NOTE);
}

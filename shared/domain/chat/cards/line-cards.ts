import { wordsCard } from './answer-cards.ts';
import { codeBlock, factsBlock, plainCard, textBlock } from './shown.ts';
import { counted, inOneLine, MAX_NOTE, utc } from './words.ts';
import type { Card } from '../../model/card.ts';
import type { ChatAccount, ChatPlace } from '../../model/chat.ts';
import type { StopState } from '../../model/ports.ts';

/** The longest canonical form that is shown: our own choice. A list of ids can be long. */
const MAX_LINE = 1_000;
/** The longest fault and the longest hint: our own choice. */
const MAX_FAULT = 600;

/** How Latchkey understood a line, and the id of the order that it sent on. */
export function understoodCard(text: string, orderId: string): Card {
  return plainCard('Understood', 'neutral', [
    codeBlock(inOneLine(text, MAX_LINE)),
    ...textBlock([`Order ${orderId}: what becomes of it follows.`]),
  ]);
}

/** Why a line is not a command, and which line would be one. */
export function faultCard(message: string, hint: string): Card {
  const lines = [message, hint].filter((line) => line !== '');
  const shown = lines.map((line) => inOneLine(line, MAX_FAULT));
  return wordsCard('Not understood', shown, 'warning');
}

/** The account as `policy.json` names it, and the person whose account it is. */
export function whoamiCard(account: ChatAccount, place: ChatPlace | null, person?: string): Card {
  const { platform, tenant, user } = account;
  const title = person === undefined ? 'Nobody that the policy knows' : `You are ${person}`;
  return plainCard(title, person === undefined ? 'warning' : 'neutral', [
    ...(person === undefined
      ? textBlock(['Whoever deploys Latchkey can name you under "people", with this account:'])
      : []),
    codeBlock(JSON.stringify({ platform, tenant, user })),
    ...factsBlock(place === null ? [] : [['This conversation', place.channel]]),
  ]);
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

import type { Card } from '../../model/card.ts';
import type { LatchkeyError } from '../../model/errors.ts';
import type { Rollout } from '../../model/rollout.ts';
import { statusLine } from './rollout-list-card.ts';
import { codeBlock, factsBlock, plainCard, textBlock } from './shown.ts';
import { subjectOf } from './who.ts';
import { inOneLine, listed, MAX_LISTED, MAX_NOTE } from './words.ts';

/** Longest line that an answer repeats: our own choice, a list of ids can be long. */
const MAX_LINE = 600;
/** Longest reason: our own choice. */
const MAX_WHY = 600;

/**
 * Why an order was not carried out.
 *
 * @param text the order, in canonical form
 */
export function refusedCard(error: LatchkeyError, text: string): Card {
  const { details, traits } = error;
  // The message of a fault of ours or the cloud's is for the log.
  const isTheirs = traits.fault === 'asker';
  const faults = (details.faults ?? []).map(({ detail }) => inOneLine(detail, MAX_NOTE));
  const more = faults.length - MAX_LISTED;
  return plainCard(isTheirs ? `Refused: ${traits.title.toLowerCase()}` : 'Not done', 'bad', [
    codeBlock(inOneLine(text, MAX_LINE)),
    ...textBlock([
      isTheirs ? inOneLine(error.message, MAX_WHY) : `${traits.title}: try again in a moment`,
      ...faults.slice(0, MAX_LISTED).map((fault) => `· ${fault}`),
      ...(more > 0 ? [`· and ${more} more`] : []),
      ...changeLines(details.extra?.['difference']),
    ]),
    ...factsBlock(
      details.requestId === undefined ? [] : [['Request id', inOneLine(details.requestId, 80)]],
    ),
  ]);
}

type Changed = readonly { readonly instanceId?: unknown }[];

/** How a plan differs from the one that was expected (`PlanDifference`), in a few lines. */
function changeLines(difference: unknown): string[] {
  if (typeof difference !== 'object' || difference === null) return [];
  const lines: string[] = [];
  for (const kind of ['added', 'removed', 'changed']) {
    const ids = idsIn(Reflect.get(difference, kind));
    if (ids.length > 0) lines.push(`· ${kind}: ${listed(ids)}`);
  }
  if ('keyPair' in difference) lines.push('· the key pair has changed');
  if ('options' in difference) lines.push('· the options have changed');
  if ('order' in difference) lines.push('· the order of the instances has changed');
  return lines;
}

function idsIn(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return (list as Changed).flatMap(({ instanceId }) =>
    typeof instanceId === 'string' ? [instanceId] : [],
  );
}

/**
 * An order was carried out, and this is how the rollout is now. Its own card says more.
 *
 * @param text the order, in canonical form
 */
export function doneCard(rollout: Rollout, text: string, nowMs: number): Card {
  const { request, instances, rolloutId } = rollout;
  return plainCard(subjectOf(request, instances.length), 'good', [
    codeBlock(inOneLine(text, MAX_LINE)),
    ...factsBlock([
      ['Now', statusLine(rollout, nowMs)],
      ['Rollout', rolloutId],
    ]),
  ]);
}

/** Only words: what was understood, a state, a refusal that no error stands behind. */
export function wordsCard(
  title: string,
  lines: readonly string[],
  tone: Card['tone'] = 'neutral',
): Card {
  return plainCard(title, tone, textBlock(lines));
}

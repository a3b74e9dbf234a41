import type { Card } from '../../model/card.ts';
import type { Rollout } from '../../model/rollout.ts';
import { failureLines } from './progress.ts';
import { codeBlock, textBlock } from './shown.ts';
import { subjectOf } from './who.ts';
import { inOneLine, MAX_NOTE } from './words.ts';

/** Failures that the short message names: the rollout's own card has more. */
const FEW = 3;

/** A new message when a rollout halts, because an edited message notifies nobody. */
export function haltCard(rollout: Rollout, cause: string, mention: string | null): Card {
  const { request, instances, rolloutId } = rollout;
  return {
    title: `Halted: ${subjectOf(request, instances.length)}`,
    tone: 'bad',
    blocks: [
      ...textBlock([
        `${inOneLine(cause, MAX_NOTE)}. Nothing more is restarted until somebody resumes it.`,
        ...failureLines(rollout).slice(0, FEW),
      ]),
      codeBlock(`resume ${rolloutId}\nabort ${rolloutId}`),
    ],
    buttons: [],
    mention,
  };
}

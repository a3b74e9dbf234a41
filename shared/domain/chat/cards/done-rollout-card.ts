import { PLAN_CHANGED } from '../../workflow/approval.ts';
import type { Rollout } from '../../model/rollout.ts';
import type { Fact } from './blast-radius.ts';
import { hasChanged } from './buttons.ts';
import { controlLines } from './progress-card.ts';
import { barOf, countsOf, failureLines, failuresIn } from './progress.ts';
import {
  aboutLines,
  codeBlock,
  decisionFacts,
  factsBlock,
  type Shown,
  textBlock,
} from './shown.ts';
import { subjectOf } from './who.ts';
import { counted, inOneLine, MAX_NOTE, span } from './words.ts';

/** The outcome of a finished rollout. */
export function doneRolloutCard(rollout: Rollout): Shown {
  const { request, instances, rolloutId, approval, history } = rollout;
  const failures = failuresIn(rollout);
  const lines = failureLines(rollout);
  return {
    title: `${endOf(rollout, failures)}: ${subjectOf(request, instances.length)}`,
    tone: toneOf(rollout, failures),
    blocks: [
      ...textBlock([...controlLines(rollout), ...aboutLines(rollout)]),
      codeBlock(barOf(rollout)),
      ...factsBlock([
        ['Instances', countsOf(rollout)],
        ...decisionFacts(approval),
        ...changeFacts(history),
        ['Took', tookOf(rollout)],
        ['Rollout', rolloutId],
      ]),
      ...(lines.length === 0 ? [] : textBlock(['Failed:', ...lines])),
      ...(hasChanged(rollout)
        ? [...textBlock(['To undo it:']), codeBlock(`undo ${rolloutId}`)]
        : []),
    ],
  };
}

/** How the plan differed from the one that was to be approved. */
function changeFacts(history: Rollout['history']): Fact[] {
  const detail = history.find(({ what }) => what === PLAN_CHANGED)?.detail ?? '';
  return detail === '' ? [] : [['What changed', inOneLine(detail, MAX_NOTE)]];
}

/** In a word. */
export function endOf({ control, approval }: Rollout, failures: number): string {
  switch (approval?.state) {
    case 'denied':
      if (control.kind !== 'aborted') return 'Denied';
      break;
    case 'expired':
      return 'Not approved in time';
    case 'changed':
      return 'Not done, the plan has changed';
    case 'approved':
    case 'waiting':
    case undefined:
  }
  if (control.kind === 'aborted') return 'Aborted';
  return failures === 0 ? 'Done' : `Done, with ${counted(failures, 'failure')}`;
}

function toneOf(rollout: Rollout, failures: number): Shown['tone'] {
  if (failures > 0) return 'bad';
  return endOf(rollout, 0) === 'Done' ? 'good' : 'warning';
}

function tookOf({ createdAtMs, updatedAtMs }: Rollout): string {
  const seconds = Math.max(1, Math.round((updatedAtMs - createdAtMs) / 1_000));
  return seconds < 7_200 ? roundSpan(seconds) : `${Math.round(seconds / 3_600)} h`;
}

function roundSpan(seconds: number): string {
  return span(seconds < 120 ? seconds : Math.round(seconds / 60) * 60);
}

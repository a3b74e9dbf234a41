import { plannedWaves } from '../../workflow/planned-waves.ts';
import { expectedEndMs } from '../../workflow/expected-end.ts';
import { nextStepsOf } from '../../workflow/next-steps.ts';
import { type RolloutStatus, statusOf } from '../../model/outcome.ts';
import type { Rollout } from '../../model/rollout.ts';
import type { Fact } from './blast-radius.ts';
import { barOf, countsOf, failureLines, nameOf, waitingWords } from './progress.ts';
import {
  aboutLines,
  codeBlock,
  decisionFacts,
  factsBlock,
  MAX_SIGNED_TEXT,
  type Shown,
  type SignedText,
  textBlock,
} from './shown.ts';
import { subjectOf, whoIn } from './who.ts';
import { about, inOneLine, listed, MAX_NOTE } from './words.ts';

/** How far it is, what it waits for, and what failed. */
export function progressCard(rollout: Rollout, nowMs: number, signedText: SignedText): Shown {
  const { request, instances } = rollout;
  const status = statusOf(rollout);
  const failures = failureLines(rollout);
  return {
    title: `${TITLE[status]}: ${subjectOf(request, instances.length)}`,
    tone: toneOf(status, failures.length),
    blocks: [
      ...textBlock([...controlLines(rollout), ...aboutLines(rollout)]),
      codeBlock(barOf(rollout)),
      ...factsBlock(factsOf(rollout, nowMs)),
      ...(failures.length === 0 ? [] : textBlock(['Failed:', ...failures])),
      ...(status === 'halted' ? nextSteps(rollout, signedText) : []),
    ],
  };
}

const TITLE: Readonly<Record<RolloutStatus, string>> = {
  waiting: 'Waiting',
  attaching: 'Attaching',
  restarting: 'Restarting',
  paused: 'Paused',
  halted: 'Halted',
  stopped: 'Stopped',
  aborting: 'Aborting',
  finishing: 'Finishing',
  done: 'Done',
};

function toneOf(status: RolloutStatus, failures: number): Shown['tone'] {
  if (status === 'halted') return 'bad';
  const isHeld = status === 'paused' || status === 'stopped' || status === 'aborting';
  return isHeld || failures > 0 ? 'warning' : 'neutral';
}

/** Who holds it, and why. */
export function controlLines({ control }: Rollout): string[] {
  switch (control.kind) {
    case 'going':
      return [];
    case 'halted':
      return [`Halted: ${inOneLine(control.cause, MAX_NOTE)}.`];
    case 'paused':
      return [`Paused by ${whoIn(control.by)}.`];
    case 'aborted':
      return control.by === ''
        ? [`Aborted: ${inOneLine(control.cause, MAX_NOTE)}.`]
        : [`Aborted by ${whoIn(control.by)}.`];
  }
}

function factsOf(rollout: Rollout, nowMs: number): Fact[] {
  const { wave, instances } = rollout;
  const waves = wave + plannedWaves(rollout).length;
  const restarting = instances.filter(
    ({ restart }) => restart.kind === 'claimed' || restart.kind === 'booting',
  );
  const endMs = expectedEndMs(rollout, nowMs);
  const waiting = waitingWords(rollout);
  return [
    ['Instances', countsOf(rollout)],
    ...(waves === 0 ? [] : [['Wave', `${wave} of ${waves}`] as const]),
    ...(restarting.length === 0 ? [] : [['Now', listed(restarting.map(nameOf))] as const]),
    ...(waiting === '' ? [] : [['Waits for', waiting] as const]),
    ...(endMs === null ? [] : [['Time left', `about ${about(endMs - nowMs)}`] as const]),
    ...decisionFacts(rollout.approval),
    ['Rollout', rollout.rolloutId],
  ];
}

/** What a person has to do: by a word here where there is one, else by a signed call. */
function nextSteps(rollout: Rollout, signedText: SignedText): Shown['blocks'] {
  const { rolloutId } = rollout;
  const steps = nextStepsOf(rollout);
  const words = steps.flatMap(({ to, wish: { kind } }) =>
    kind === 'resume' || kind === 'abort' ? [`${kind} ${rolloutId}   ${to}`] : [],
  );
  const signed = steps
    .filter(({ wish }) => wish.kind === 'resolve')
    .map((step) => `${step.to}:\n${signedText(rolloutId, step, MAX_SIGNED_TEXT)}`);
  return [
    ...(words.length === 0 ? [] : [codeBlock(words.join('\n'))]),
    ...(signed.length === 0
      ? []
      : [
          ...textBlock(['What failed is settled by an operator who may, with a signed call:']),
          codeBlock(signed.join('\n')),
        ]),
  ];
}

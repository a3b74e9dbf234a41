import { nextStepsOf } from '../../workflow/next-steps.ts';
import type { Approval, Rollout } from '../../model/rollout.ts';
import { blastRadius, type Fact } from './blast-radius.ts';
import { nameOf } from './progress.ts';
import {
  aboutLines,
  codeBlock,
  factsBlock,
  MAX_SIGNED_TEXT,
  type Shown,
  type SignedText,
  textBlock,
  whoOf,
} from './shown.ts';
import { subjectOf } from './who.ts';
import { inOneLine, listed, MAX_NOTE, utc } from './words.ts';

interface ApprovalHere {
  readonly canApprove: boolean;
  readonly allowDetach: boolean;
  readonly signedText: SignedText;
}

/** What a second person has to know to decide, and how they do it. */
export function approvalCard(
  rollout: Rollout,
  { canApprove, allowDetach, signedText }: ApprovalHere,
): Shown {
  const { approval, request, instances, planDigest } = rollout;
  const facts = approval?.facts ?? null;
  return {
    title: `Approval needed: ${subjectOf(request, instances.length)}`,
    tone: 'warning',
    blocks: [
      ...textBlock([...aboutLines(rollout), `Instances: ${listed(instances.map(nameOf))}`]),
      ...factsBlock(blastRadius(rollout, { facts, allowDetach })),
      ...factsBlock([...approvalFacts(approval), ['Plan', planDigest]]),
      ...howTo(rollout, canApprove, signedText),
    ],
  };
}

function approvalFacts(approval: Approval | null): Fact[] {
  if (approval === null) return [];
  const { why, needed, given, untilMs } = approval;
  const soFar = given.length === 0 ? '' : `, so far ${given.map(whoOf).join(', ')}`;
  return [
    ['Why', inOneLine(why, MAX_NOTE)],
    ['Approvals', `${given.length} of ${needed}${soFar}`],
    ['Until', `${utc(untilMs)}, then it is denied`],
  ];
}

function howTo(rollout: Rollout, canApprove: boolean, signedText: SignedText): Shown['blocks'] {
  const { approval, rolloutId, planDigest } = rollout;
  if (canApprove) {
    return [
      ...textBlock(['A second person approves with the button, or with:']),
      codeBlock(`approve ${rolloutId} ${planDigest}`),
    ];
  }
  const why =
    approval?.isHighRisk === true
      ? 'High risk: no chat is enough to approve it.'
      : 'This chat is not enough to approve it.';
  const approve = nextStepsOf(rollout).find(({ wish }) => wish.kind === 'approve');
  return [
    ...textBlock([`${why} An operator who may sends this, signed:`]),
    ...(approve === undefined ? [] : [codeBlock(signedText(rolloutId, approve, MAX_SIGNED_TEXT))]),
  ];
}

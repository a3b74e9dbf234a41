import * as v from 'valibot';
import { atMost, wholeNumber } from '../contract/requests/texts.ts';
import type { LaunchRule } from '../domain/model/policy.ts';
import { KeyPairNameText, RegionIdText } from '../contract/names.ts';
import { onlyThese } from '../contract/parse.ts';
import { eachOnce, FingerprintText, NameText, Tags } from './fields.ts';

/** Our own choice: for a key after more than a day there are requests. */
const MAX_DELAY_SECONDS = 86_400;
/** Our own choices: an instance may serve an hour after its launch, and does so after a week. */
const YOUNG_SECONDS = { max: 604_800, default: 3_600 };
/** For names and ids without a documented length: our own choice. */
const MAX_ID_LENGTH = 160;

const IdText = v.pipe(v.string(), v.nonEmpty('must not be empty'), atMost(MAX_ID_LENGTH));

/** 16 digits in every sample; the bounds are our own choice. */
const AccountIdText = v.pipe(v.string(), v.regex(/^\d{5,20}$/, 'must be the number of an account'));

const Match = v.pipe(
  onlyThese(
    {
      regionIds: v.optional(eachOnce(RegionIdText, 'a region')),
      accountIds: v.optional(eachOnce(AccountIdText, 'an account')),
      tags: v.optional(Tags, {}),
      namePrefix: v.optional(v.pipe(v.string(), atMost(MAX_ID_LENGTH)), ''),
      imageIds: v.optional(eachOnce(IdText, 'an image')),
      launchTemplates: v.optional(eachOnce(IdText, 'a launch template')),
      launchedBy: v.optional(eachOnce(IdText, 'a user, role or account')),
    },
    'a match',
  ),
  v.check(
    ({ tags, namePrefix, ...lists }) =>
      Object.keys(tags).length > 0 ||
      namePrefix !== '' ||
      Object.values(lists).some((list) => list !== undefined),
    'must have a condition: without any, every launch would match',
  ),
);

export const Rule = onlyThese(
  {
    name: NameText,
    match: Match,
    keyPairName: KeyPairNameText,
    fingerprint: v.optional(FingerprintText),
    restart: v.boolean(),
    delaySeconds: v.optional(wholeNumber(0, MAX_DELAY_SECONDS), 0),
    replace: v.optional(v.boolean(), false),
    restartScalingMembers: v.optional(v.boolean()),
    restartYoungerThanSeconds: v.optional(wholeNumber(1, YOUNG_SECONDS.max)),
  },
  'a launch rule',
);

export type RuleEntry = v.InferOutput<typeof Rule>;

/** A condition that the match leaves out holds for every launch. */
export function launchRuleOf(entry: RuleEntry): LaunchRule {
  const { match } = entry;
  return {
    ...entry,
    match: {
      ...match,
      regionIds: match.regionIds ?? [],
      accountIds: match.accountIds ?? [],
      imageIds: match.imageIds ?? [],
      launchTemplates: match.launchTemplates ?? [],
      launchedBy: match.launchedBy ?? [],
    },
    fingerprint: entry.fingerprint ?? null,
    restartScalingMembers: entry.restartScalingMembers ?? false,
    restartYoungerThanSeconds: entry.restartYoungerThanSeconds ?? YOUNG_SECONDS.default,
  };
}

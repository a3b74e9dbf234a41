import * as v from 'valibot';
import { atMost, wholeNumber } from '../contract/requests/texts.ts';
import type { LaunchRule } from '../domain/model/policy.ts';
import { KeyPairNameText, RegionIdText } from '../contract/names.ts';
import { onlyThese } from '../contract/parse.ts';
import { eachOnce, FingerprintText, NameText, Tags } from './texts.ts';

/** Our own choice: who wants a key after a day can as well ask for it. */
const MAX_DELAY_SECONDS = 86_400;
/** Our own choices: an hour after its launch an instance may serve; after a week it does. */
const YOUNG_SECONDS = { max: 604_800, usual: 3_600 };
/** Of names and ids whose length nobody documents: our own choice. */
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
      launchedBy: v.optional(eachOnce(IdText, 'somebody')),
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

/** What a match leaves out always holds. */
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
    restartYoungerThanSeconds: entry.restartYoungerThanSeconds ?? YOUNG_SECONDS.usual,
  };
}

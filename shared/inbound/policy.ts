import * as v from 'valibot';
import type { Policy } from '../domain/policy.ts';
import { KeyPairNameText } from './names.ts';
import { onlyThese, parseValue } from './parse.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-tagresources */
const MAX_TAG_LENGTH = 128;
const TagText = v.pipe(
  v.string(),
  v.maxLength(MAX_TAG_LENGTH, `must have at most ${MAX_TAG_LENGTH} characters`),
);

const Match = v.pipe(
  onlyThese(
    {
      tags: v.optional(
        v.pipe(
          v.custom<object>((value) => !Array.isArray(value), 'must be an object'),
          v.record(v.pipe(TagText, v.nonEmpty('must be the key of a tag')), TagText),
        ),
        {},
      ),
      namePrefix: v.optional(v.string(), ''),
    },
    'a match',
  ),
  v.check(
    ({ tags, namePrefix }) => Object.keys(tags).length > 0 || namePrefix !== '',
    'must have a tag or a name prefix: without any, every launch would match',
  ),
);

const Rule = onlyThese(
  {
    name: v.pipe(
      v.string(),
      v.regex(
        /^[A-Za-z0-9_.-]{1,64}$/,
        'must be 1 to 64 letters, digits, underscores, points and hyphens',
      ),
    ),
    match: Match,
    keyPairName: KeyPairNameText,
    restart: v.boolean(),
  },
  'a launch rule',
);

const PolicyFile = onlyThese(
  {
    $schema: v.optional(v.string()),
    launch: v.pipe(
      v.array(Rule),
      v.rawCheck(({ dataset, addIssue }) => {
        if (!dataset.typed) return;
        const names = new Set<string>();
        for (const [index, rule] of dataset.value.entries()) {
          if (!names.has(rule.name)) names.add(rule.name);
          else addIssue({ ...uniqueName(dataset.value, index), input: rule.name });
        }
      }),
    ),
  },
  'a policy',
);

function uniqueName(rules: unknown[], index: number) {
  const value = rules[index] as Record<string, unknown>;
  const path = [
    { type: 'array', origin: 'value', input: rules, key: index, value },
    { type: 'object', origin: 'value', input: value, key: 'name', value: value['name'] },
  ] satisfies [v.ArrayPathItem, v.ObjectPathItem];
  return { message: 'must be the name of one rule only', path } as const;
}

/**
 * Reads what `policy.json` holds.
 *
 * @throws {LatchkeyError} `not-valid` with a pointer to every fault
 */
export function parsePolicy(value: unknown): Policy {
  const { launch } = parseValue(PolicyFile, value, 'the policy');
  return { launch };
}

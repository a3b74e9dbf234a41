import * as v from 'valibot';
import { PLATFORMS } from '../domain/model/chat.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-tagresources */
const MAX_TAG_LENGTH = 128;
/** Our own choice: it is repeated in the state of every rollout that waits. */
const MAX_REASON_LENGTH = 200;

export const atMost = (length: number) =>
  v.maxLength<string, number, string>(length, `must have at most ${length} characters`);

/** What a client, a launch rule or a channel is called: in logs, in histories and in answers. */
export const NameText = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9_.-]{1,64}$/,
    'must be 1 to 64 letters, digits, underscores, points and hyphens',
  ),
);

/** Why, in a person's words. */
export const ReasonText = v.pipe(v.string(), v.nonEmpty('must say why'), atMost(MAX_REASON_LENGTH));

/** Where a secret is: the policy is part of every bundle, so that none stands in it. */
export const SecretNameText = v.pipe(
  v.string(),
  v.regex(
    /^[A-Z][A-Z0-9_]{0,63}$/,
    'must be the name of an environment variable in capitals, never a secret itself',
  ),
);

/** Where people talk to Latchkey. */
export const PlatformName = v.picklist(PLATFORMS);

/**
 * An id that a chat platform gave: of a tenant, an app, a user or a conversation. Which characters there
 * can be no platform says: what can be seen, but for the line that separates ids in places.
 */
export const ChatIdText = v.pipe(
  v.string(),
  v.regex(
    /^[\x21-\x7b\x7d\x7e]{1,128}$/,
    'must be an id as the platform shows it: 1 to 128 visible characters',
  ),
);

/** MD5 as RFC 4716 writes it, which is how DescribeKeyPairs tells it (facts of CreateKeyPair's page). */
export const FingerprintText = v.pipe(
  v.string(),
  v.regex(
    /^[0-9a-f]{2}(?::[0-9a-f]{2}){15}$/,
    'must be a fingerprint as ECS shows it: 16 pairs of digits and small letters a to f, with colons',
  ),
);

export const TagKeyText = v.pipe(
  v.string(),
  v.nonEmpty('must be the key of a tag'),
  atMost(MAX_TAG_LENGTH),
);

/** Each of these tags with exactly this value; `*` = with any value. */
export const Tags = v.pipe(
  v.custom<object>((value) => !Array.isArray(value), 'must be an object'),
  v.record(TagKeyText, v.pipe(v.string(), atMost(MAX_TAG_LENGTH))),
);

/** A list that is given is not empty, and says nothing twice. */
export function eachOnce<S extends v.GenericSchema>(item: S, what: string) {
  return v.pipe(
    v.array(item),
    v.nonEmpty(`must name ${what}`),
    v.check(
      (items) => new Set(items.map((one) => JSON.stringify(one))).size === items.length,
      'must name each once',
    ),
  );
}

export const wholeNumber = (min: number, max: number) =>
  v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  );

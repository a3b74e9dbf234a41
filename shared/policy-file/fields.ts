import * as v from 'valibot';
import { PLATFORMS } from '../domain/model/chat.ts';
import { atMost, MAX_TAG_LENGTH, TagKeyText } from '../contract/requests/texts.ts';

/** Our own choice: the state of every waiting rollout repeats it. */
const MAX_REASON_LENGTH = 200;

/** The id of a client, person or channel, or the name of a launch rule, as logs, histories and answers show it. */
export const NameText = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9_.-]{1,64}$/,
    'must be 1 to 64 letters, digits, underscores, points and hyphens',
  ),
);

/** A reason, written for people. */
export const ReasonText = v.pipe(v.string(), v.nonEmpty('must say why'), atMost(MAX_REASON_LENGTH));

/** The variable that holds a secret. Every bundle contains the policy, so no secret may be in it. */
export const SecretNameText = v.pipe(
  v.string(),
  v.regex(
    /^[A-Z][A-Z0-9_]{0,63}$/,
    'must be the name of an environment variable in capitals, never a secret itself',
  ),
);

/** A chat platform. */
export const PlatformName = v.picklist(PLATFORMS);

/**
 * The id of a tenant, app, user or conversation on a chat platform. No platform documents the characters of
 * its ids. We take any visible character except `|`, which separates ids in stored places.
 */
export const ChatIdText = v.pipe(
  v.string(),
  v.regex(
    /^[\x21-\x7b\x7d\x7e]{1,128}$/,
    'must be an id as the platform shows it: 1 to 128 visible characters',
  ),
);

/** MD5 in the notation of RFC 4716, as DescribeKeyPairs answers it. */
export const FingerprintText = v.pipe(
  v.string(),
  v.regex(
    /^[0-9a-f]{2}(?::[0-9a-f]{2}){15}$/,
    'must be a fingerprint as ECS shows it: 16 pairs of digits and small letters a to f, with colons',
  ),
);

/** Tags with exactly these values; `*` stands for any value. */
export const Tags = v.pipe(
  v.custom<object>((value) => !Array.isArray(value), 'must be an object'),
  v.record(TagKeyText, v.pipe(v.string(), atMost(MAX_TAG_LENGTH))),
);

/** A list with at least one item, and without duplicates. */
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

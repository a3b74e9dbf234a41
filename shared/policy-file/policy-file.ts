import * as v from 'valibot';
import { KeyPairNameText } from '../contract/names.ts';
import { onlyThese } from '../contract/parse.ts';
import { TagKeyText } from '../contract/requests/texts.ts';
import { Client, PersonFields } from './askers.ts';
import { Chat } from './chat.ts';
import { eachOnce, FingerprintText, ReasonText } from './fields.ts';
import { Rule } from './launch-rule.ts';
import { Freeze, Window } from './schedule.ts';
import { HealthGate, NotifyChannel } from './webhooks.ts';

/** https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-createrole */
const RoleNameText = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9.-]{1,64}$/, 'must be the name of a RAM role, not its ARN'),
);

/**
 * The key of a tag that people can set. Keys of the cloud's own tags begin with `acs:` or `aliyun`:
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-tagresources
 */
const OwnTagKeyText = v.pipe(
  TagKeyText,
  v.regex(
    /^(?!acs:|aliyun)/,
    'must not begin with "acs:" or "aliyun": people cannot set such tags',
  ),
);

/**
 * A claim of a token. RFC 7519 takes any text, OpenID Connect at most 255 characters for `sub`
 * (https://openid.net/specs/openid-connect-core-1_0.html#IDToken). Only visible characters: our own choice.
 */
const ClaimText = v.pipe(
  v.string(),
  v.regex(
    /^[\x21-\x7e]{1,255}$/,
    'must be as it stands in the token: 1 to 255 visible characters, without a space',
  ),
);

/** Only the part of RFC 6265 §4.1.1 that every proxy reads in the same way. */
const CookieNameText = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, underscores and hyphens'),
);

const Console = onlyThese(
  {
    issuer: ClaimText,
    audience: ClaimText,
    cookie: v.optional(CookieNameText, 'latchkey_session'),
    operators: eachOnce(ClaimText, 'an operator'),
  },
  'the console',
);

/** The form of `policy.json`. Whether its parts fit together is checked by `checkPolicy`. */
export const PolicyFile = onlyThese(
  {
    $schema: v.optional(v.string()),
    clients: v.optional(v.array(Client), []),
    launch: v.optional(v.array(Rule), []),
    restartWindow: v.optional(Window),
    freezes: v.optional(v.array(Freeze), []),
    healthGate: v.optional(HealthGate),
    allowDetach: v.optional(v.boolean(), false),
    revokedKeyPairs: v.optional(
      v.array(
        onlyThese(
          {
            name: KeyPairNameText,
            fingerprint: v.optional(FingerprintText),
            reason: ReasonText,
          },
          'a revoked key pair',
        ),
      ),
      [],
    ),
    optOut: v.optional(
      onlyThese(
        {
          restart: v.optional(OwnTagKeyText, 'latchkey:restart'),
          attach: v.optional(OwnTagKeyText, 'latchkey:attach'),
        },
        'the opt-out tags',
      ),
      {},
    ),
    notify: v.optional(v.array(NotifyChannel), []),
    ownRoles: v.optional(eachOnce(RoleNameText, 'a role')),
    people: v.optional(v.array(PersonFields), []),
    chat: v.optional(Chat),
    console: v.optional(Console),
  },
  'a policy',
);

export type PolicyEntry = v.InferOutput<typeof PolicyFile>;

import * as v from 'valibot';
import { TagKeyText } from '../contract/requests/texts.ts';
import { onlyThese } from '../contract/parse.ts';
import { Chat } from './chat.ts';
import { Client, PersonFields } from './askers.ts';
import { Console } from './console.ts';
import { Rule } from './launch-rule.ts';
import { KeyPairNameText } from '../contract/names.ts';
import { Freeze, Window } from './schedule.ts';
import { eachOnce, FingerprintText, ReasonText } from './fields.ts';
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

import * as v from 'valibot';
import type { Policy } from '../domain/policy.ts';
import { DAYS, isTimeZone } from '../domain/window.ts';
import { LOOPBACK } from './loopback.ts';
import { KeyPairNameText } from './names.ts';
import { onlyThese, parseValue } from './parse.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-tagresources */
const MAX_TAG_LENGTH = 128;
const TagText = v.pipe(
  v.string(),
  v.maxLength(MAX_TAG_LENGTH, `must have at most ${MAX_TAG_LENGTH} characters`),
);

/** Our own choice: it is repeated in the state of every rollout that waits. */
const MAX_REASON_LENGTH = 200;
/** Both our own choice: an answer is waited for while other work of the invocation stands still. */
const MAX_GATE_SECONDS = 10;
const DEFAULT_GATE_SECONDS = 5;

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

const TimeOfDay = v.pipe(
  v.string(),
  v.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day from "00:00" to "23:59"'),
);

const Window = onlyThese(
  {
    days: v.pipe(
      v.array(v.picklist(DAYS)),
      v.nonEmpty('must name a day'),
      v.check((days) => new Set(days).size === days.length, 'must name each day once'),
    ),
    start: TimeOfDay,
    end: TimeOfDay,
    timeZone: v.pipe(
      v.string(),
      v.check(isTimeZone, 'must be an IANA time zone, such as "Asia/Shanghai"'),
    ),
  },
  'a restart window',
);

/** https://www.rfc-editor.org/rfc/rfc3339#section-5.6, in capitals and without leap seconds. */
const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Milliseconds since the epoch. */
const Moment = v.pipe(
  v.string(),
  v.check(
    (text) => isDate(RFC_3339.exec(text)?.[1]),
    'must be a date and time of RFC 3339, such as "2026-11-10T16:00:00+08:00"',
  ),
  v.transform((text) => Date.parse(text)),
);

/** JavaScript reads 31 February as 3 March. */
function isDate(date: string | undefined): boolean {
  const midnightMs = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(midnightMs) && new Date(midnightMs).toISOString().startsWith(`${date}T`);
}

const Freeze = v.pipe(
  onlyThese(
    {
      from: Moment,
      until: Moment,
      reason: v.pipe(
        v.string(),
        v.nonEmpty('must say why'),
        v.maxLength(MAX_REASON_LENGTH, `must have at most ${MAX_REASON_LENGTH} characters`),
      ),
    },
    'a freeze',
  ),
  v.forward(
    v.check(({ from, until }) => from < until, '"until" must be later than "from"'),
    ['until'],
  ),
);

const HealthGate = v.pipe(
  onlyThese(
    {
      url: v.pipe(v.string(), v.check(isGateUrl, 'must be an https URL without a user or a hash')),
      secretName: v.pipe(
        v.string(),
        v.regex(
          /^[A-Z][A-Z0-9_]{0,63}$/,
          'must be the name of an environment variable in capitals, never a secret itself',
        ),
      ),
      timeoutSeconds: v.optional(
        v.pipe(
          v.number(),
          v.check(
            (seconds) => seconds > 0 && seconds <= MAX_GATE_SECONDS,
            `must be more than 0 and at most ${MAX_GATE_SECONDS}`,
          ),
        ),
        DEFAULT_GATE_SECONDS,
      ),
    },
    'a health gate',
  ),
  v.transform(({ url, secretName, timeoutSeconds }) => ({
    url,
    secretName,
    timeoutMs: timeoutSeconds * 1_000,
  })),
);

/** Plain http lets whoever is in between answer: for loopback hosts only, where tests are. */
function isGateUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

const PolicyFile = onlyThese(
  {
    $schema: v.optional(v.string()),
    restartWindow: v.optional(Window),
    freezes: v.optional(v.array(Freeze), []),
    healthGate: v.optional(HealthGate),
    allowDetach: v.optional(v.boolean(), false),
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
  const { launch, restartWindow, freezes, healthGate, allowDetach } = parseValue(
    PolicyFile,
    value,
    'the policy',
  );
  const schedule = { window: restartWindow ?? null, freezes };
  return {
    clients: [],
    launch: launch.map((rule) => ({
      ...rule,
      match: {
        ...rule.match,
        regionIds: [],
        accountIds: [],
        imageIds: [],
        launchTemplates: [],
        launchedBy: [],
      },
      fingerprint: null,
      delaySeconds: 0,
      replace: false,
      restartScalingMembers: false,
      restartYoungerThanSeconds: 3_600,
    })),
    schedule,
    healthGate: healthGate ?? null,
    allowDetach,
    revokedKeyPairs: [],
    optOut: { restart: 'latchkey:restart', attach: 'latchkey:attach' },
    notify: [],
    ownRoles: [],
  };
}

import * as v from 'valibot';
import { LOOPBACK } from '../lib/loopback.ts';
import { onlyThese } from '../contract/parse.ts';
import { eachOnce, NameText, SecretNameText } from './fields.ts';

/** Both our own choice: the invocation does nothing else until the gate answers. */
const MAX_GATE_SECONDS = 10;
const DEFAULT_GATE_SECONDS = 5;

/** A URL that Latchkey calls. Such a URL comes from the policy only, never from a request. */
const CalledUrl = v.pipe(
  v.string(),
  v.check(isCallable, 'must be an https URL without a user or a hash'),
);

/** Plain http is for tests on loopback hosts: on any network, somebody in between could answer. */
function isCallable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

export const HealthGate = v.pipe(
  onlyThese(
    {
      url: CalledUrl,
      secretName: SecretNameText,
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
  v.transform(({ timeoutSeconds, ...gate }) => ({
    ...gate,
    timeoutMs: timeoutSeconds * 1_000,
  })),
);

const NOTICE_KINDS = ['approval-needed', 'break-glass', 'halted', 'ended'] as const;

/** Gets notices about rollouts. */
export const NotifyChannel = onlyThese(
  {
    id: NameText,
    url: CalledUrl,
    secretName: SecretNameText,
    on: v.optional(eachOnce(v.picklist(NOTICE_KINDS), 'a kind of notice'), [...NOTICE_KINDS]),
  },
  'a channel',
);

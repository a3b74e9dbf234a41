import * as v from 'valibot';
import { LOOPBACK } from '../lib/loopback.ts';
import { onlyThese } from '../contract/parse.ts';
import { eachOnce, NameText, SecretNameText } from './texts.ts';

/** Both our own choice: an answer is waited for while other work of the invocation stands still. */
const MAX_GATE_SECONDS = 10;
export const DEFAULT_GATE_SECONDS = 5;

/** An address that Latchkey calls: only one that stands here, never one out of a request. */
const CalledUrl = v.pipe(
  v.string(),
  v.check(mayBeCalled, 'must be an https URL without a user or a hash'),
);

/** Plain http lets whoever is in between answer: for loopback hosts only, where tests are. */
function mayBeCalled(text: string): boolean {
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
  v.transform(({ url, secretName, timeoutSeconds }) => ({
    url,
    secretName,
    timeoutMs: timeoutSeconds * 1_000,
  })),
);

const NOTICE_KINDS = ['approval-needed', 'break-glass', 'halted', 'ended'] as const;

export const Channel = onlyThese(
  {
    id: NameText,
    url: CalledUrl,
    secretName: SecretNameText,
    on: v.optional(eachOnce(v.picklist(NOTICE_KINDS), 'a kind of notice'), [...NOTICE_KINDS]),
  },
  'a channel',
);

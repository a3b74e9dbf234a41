/** A condition that a person has to check: a query over the log lines of all functions. */
export interface Alarm {
  /** The name of the resource, and the heading in docs/runbook.md. */
  readonly name: string;
  /** For people, up to 64 characters. */
  readonly title: string;
  /** Selects log lines: docs/logs.md describes them. */
  readonly search: string;
  /** Fires at this number of lines, `n`. */
  readonly when: `n ${'>=' | '=='} ${number}`;
  readonly severity: number;
  /** How often the query runs, and how far back it looks. */
  readonly everyMinutes: number;
}

/** Selects one of our own lines. A field is named by its path in the JSON: https://help.aliyun.com/document_detail/69357.html */
export const event = (name: string) => `message.event: "${name}"`;
export const inHistory = (what: string) => `${event('rollout')} and message.what: "${what}"`;

/** A run that takes this share of its time limit is close to being cut off: our own choice. */
const NEARLY = 0.8;

/** https://www.alibabacloud.com/help/en/sls/developer-reference/api-sls-2020-12-30-struct-alertconfig */
const [MEDIUM, HIGH, CRITICAL] = [6, 8, 10];

/** Fires at the first line, unless it is told otherwise. */
function alarm(
  severity: number,
  name: string,
  title: string,
  search: string,
  { when = 'n >= 1', everyMinutes = 5 }: Partial<Pick<Alarm, 'when' | 'everyMinutes'>> = {},
): Alarm {
  return { name, title: `Latchkey: ${title}`, search, when, severity, everyMinutes };
}

/**
 * All thresholds are our own choices.
 *
 * @param timeouts of the functions in seconds, by name
 */
export function alarmsFor(timeouts: ReadonlyMap<string, number>): Alarm[] {
  const slow = [...timeouts].map(([name, seconds]) => {
    const limitMs = Math.round(seconds * NEARLY * 1_000);
    return `(functionName: "${name}" and durationMs > ${limitMs})`;
  });
  return [
    alarm(CRITICAL, 'latchkey-bug', 'a bug in a function', event('bug')),
    alarm(
      CRITICAL,
      'latchkey-captured-signature',
      'a captured chat signature was used',
      event('captured-signature'),
    ),
    alarm(CRITICAL, 'latchkey-timer-silent', 'the timer has not run', event('tick'), {
      when: 'n == 0',
      everyMinutes: 10,
    }),
    alarm(
      HIGH,
      'latchkey-dead-letters',
      'a message or notice could not be processed',
      `message.deadLetters > 0 or ${event('notice-given-up')} or ${event('not-moved-on')}`,
    ),
    alarm(HIGH, 'latchkey-halted', 'a rollout has halted', inHistory('halted')),
    alarm(HIGH, 'latchkey-standing-still', 'a rollout makes no progress', event('standing-still')),
    alarm(HIGH, 'latchkey-unknown', 'the result of a restart is unknown', inHistory('unknown')),
    alarm(
      HIGH,
      'latchkey-function-errors',
      'a function fails repeatedly',
      'functionName: latchkey* and hasFunctionError: true',
      { when: 'n >= 3' },
    ),
    alarm(MEDIUM, 'latchkey-duration', 'a function is close to its time limit', slow.join(' or '), {
      when: 'n >= 3',
      everyMinutes: 15,
    }),
    alarm(
      MEDIUM,
      'latchkey-throttled',
      'ECS throttles its calls',
      `${event('ecs.failed')} and message.error.code: "throttled"`,
      { when: 'n >= 10', everyMinutes: 15 },
    ),
    alarm(
      MEDIUM,
      'latchkey-audit-failed',
      'entries are missing in the audit trail',
      event('audit-failed'),
    ),
  ];
}

export function queryOf({ search }: Alarm): string {
  return `${search} | SELECT COUNT(*) AS n`;
}

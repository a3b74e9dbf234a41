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
  /** 6 medium, 8 high, 10 critical: https://www.alibabacloud.com/help/en/sls/developer-reference/api-sls-2020-12-30-struct-alertconfig */
  readonly severity: 6 | 8 | 10;
  /** How often the query runs, and how far back it looks. */
  readonly everyMinutes: number;
}

/** Selects one of our own lines. A field is named by its path in the JSON: https://help.aliyun.com/document_detail/69357.html */
export const event = (name: string) => `message.event: "${name}"`;
export const inHistory = (what: string) => `${event('rollout')} and message.what: "${what}"`;

/** A run that takes this share of its time limit is close to being cut off: our own choice. */
const NEARLY = 0.8;

/**
 * All thresholds are our own choices.
 *
 * @param timeouts of the functions in seconds, by name
 */
export function alarmsFor(timeouts: ReadonlyMap<string, number>): Alarm[] {
  return [
    {
      name: 'latchkey-bug',
      title: 'Latchkey: a bug in a function',
      search: event('bug'),
      when: 'n >= 1',
      severity: 10,
      everyMinutes: 5,
    },
    {
      name: 'latchkey-captured-signature',
      title: 'Latchkey: a captured chat signature was used',
      search: event('captured-signature'),
      when: 'n >= 1',
      severity: 10,
      everyMinutes: 5,
    },
    {
      name: 'latchkey-timer-silent',
      title: 'Latchkey: the timer has not run',
      search: event('tick'),
      when: 'n == 0',
      severity: 10,
      everyMinutes: 10,
    },
    {
      name: 'latchkey-dead-letters',
      title: 'Latchkey: a message or notice could not be processed',
      search: `message.deadLetters > 0 or ${event('notice-given-up')} or ${event('not-moved-on')}`,
      when: 'n >= 1',
      severity: 8,
      everyMinutes: 5,
    },
    {
      name: 'latchkey-halted',
      title: 'Latchkey: a rollout has halted',
      search: inHistory('halted'),
      when: 'n >= 1',
      severity: 8,
      everyMinutes: 5,
    },
    {
      name: 'latchkey-standing-still',
      title: 'Latchkey: a rollout makes no progress',
      search: event('standing-still'),
      when: 'n >= 1',
      severity: 8,
      everyMinutes: 5,
    },
    {
      name: 'latchkey-unknown',
      title: 'Latchkey: the result of a restart is unknown',
      search: inHistory('unknown'),
      when: 'n >= 1',
      severity: 8,
      everyMinutes: 5,
    },
    {
      name: 'latchkey-function-errors',
      title: 'Latchkey: a function fails repeatedly',
      search: 'functionName: latchkey* and hasFunctionError: true',
      when: 'n >= 3',
      severity: 8,
      everyMinutes: 5,
    },
    {
      name: 'latchkey-duration',
      title: 'Latchkey: a function is close to its time limit',
      search: [...timeouts]
        .map(([name, seconds]) => {
          const limitMs = Math.round(seconds * NEARLY * 1_000);
          return `(functionName: "${name}" and durationMs > ${limitMs})`;
        })
        .join(' or '),
      when: 'n >= 3',
      severity: 6,
      everyMinutes: 15,
    },
    {
      name: 'latchkey-throttled',
      title: 'Latchkey: ECS throttles its calls',
      search: `${event('ecs.failed')} and message.error.code: "throttled"`,
      when: 'n >= 10',
      severity: 6,
      everyMinutes: 15,
    },
    {
      name: 'latchkey-audit-failed',
      title: 'Latchkey: entries are missing in the audit trail',
      search: event('audit-failed'),
      when: 'n >= 1',
      severity: 6,
      everyMinutes: 5,
    },
  ];
}

export function queryOf({ search }: Alarm): string {
  return `${search} | SELECT COUNT(*) AS n`;
}

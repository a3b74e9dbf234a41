/** One condition that a person has to look at: a query over the log lines of all functions. */
export interface Alarm {
  /** Of the resource, and the heading in docs/runbook.md. */
  readonly name: string;
  /** For people, up to 64 characters. */
  readonly title: string;
  /** Selects lines: docs/logs.md says what they look like and how they are indexed. */
  readonly search: string;
  /** It fires when so many lines were found: `n` is their number. */
  readonly when: `n ${'>=' | '=='} ${number}`;
  /** 6 medium, 8 high, 10 critical: https://www.alibabacloud.com/help/en/sls/developer-reference/api-sls-2020-12-30-struct-alertconfig */
  readonly severity: 6 | 8 | 10;
  /** How often it looks, and how far back. */
  readonly everyMinutes: number;
}

/** A line of ours. A field is called by the path in its JSON: https://help.aliyun.com/document_detail/69357.html */
export const event = (name: string) => `message.event: "${name}"`;
export const inHistory = (what: string) => `${event('rollout')} and message.what: "${what}"`;

/** A run that took this much of its time limit is about to be cut off: our own choice. */
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
      title: 'Latchkey: a fault of its own',
      search: event('bug'),
      when: 'n >= 1',
      severity: 10,
      everyMinutes: 5,
    },
    {
      name: 'latchkey-captured-signature',
      title: 'Latchkey: a chat signature is used with another message',
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
      title: 'Latchkey: something could not be processed',
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
      title: 'Latchkey: nothing happens in a rollout',
      search: event('standing-still'),
      when: 'n >= 1',
      severity: 8,
      everyMinutes: 5,
    },
    {
      name: 'latchkey-unknown',
      title: 'Latchkey: nobody knows whether an instance was restarted',
      search: inHistory('unknown'),
      when: 'n >= 1',
      severity: 8,
      everyMinutes: 5,
    },
    {
      name: 'latchkey-function-errors',
      title: 'Latchkey: a function fails',
      search: 'functionName: latchkey* and hasFunctionError: true',
      when: 'n >= 3',
      severity: 8,
      everyMinutes: 5,
    },
    {
      name: 'latchkey-duration',
      title: 'Latchkey: a function takes nearly all of its time',
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
      title: 'Latchkey: the audit trail has a hole',
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

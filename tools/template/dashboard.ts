import { event, inHistory } from './alarms.ts';

/** As on https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-sls-dashboard */
export interface Chart {
  readonly title: string;
  readonly type: 'line' | 'table';
  readonly query: string;
  readonly x: readonly string[];
  readonly y: readonly string[];
}

/** Five minutes: our own choice. */
const TIME = "date_format(__time__ - __time__ % 300, '%Y-%m-%d %H:%i') AS time";

const overTime = (title: string, search: string, value = 'COUNT(*)'): Chart => ({
  title,
  type: 'line',
  query: `${search} | SELECT ${TIME}, ${value} AS n GROUP BY time ORDER BY time`,
  x: ['time'],
  y: ['n'],
});

const asTable = (title: string, query: string, columns: readonly string[]): Chart => ({
  title,
  type: 'table',
  query,
  x: columns,
  y: [],
});

export const CHARTS: readonly Chart[] = [
  asTable(
    'Rollout events',
    `${event('rollout')} | SELECT "message.what" AS what, SUM("message.count") AS instances, COUNT(*) AS times GROUP BY what ORDER BY times DESC`,
    ['what', 'instances', 'times'],
  ),
  asTable(
    'Rollouts without progress',
    `${event('standing-still')} | SELECT "message.rolloutId" AS rollout, "message.waitingFor" AS waiting_for, MAX("message.stillMs") / 60000 AS minutes GROUP BY rollout, waiting_for ORDER BY minutes DESC`,
    ['rollout', 'waiting_for', 'minutes'],
  ),
  overTime('Instances attached', inHistory('attached'), 'SUM("message.count")'),
  overTime('Instances ready after a restart', inHistory('ready'), 'SUM("message.count")'),
  overTime('Failed restarts', inHistory('failed'), 'SUM("message.count")'),
  overTime('Restarts with an unknown result', inHistory('unknown'), 'SUM("message.count")'),
  overTime('Dead letters', 'message.deadLetters > 0', 'SUM("message.deadLetters")'),
  overTime('Calls throttled by ECS', `${event('ecs.failed')} and message.error.code: "throttled"`),
  overTime('Errors', 'message.level: "error"'),
  overTime('Cold starts', 'functionName: latchkey* and isColdStart: true'),
  asTable(
    'Runs by function',
    'functionName: latchkey* and durationMs >= 0 | SELECT functionName, COUNT(*) AS runs, approx_percentile(durationMs, 0.5) AS p50_ms, approx_percentile(durationMs, 0.99) AS p99_ms, MAX(memoryUsageMB) AS memory_mb GROUP BY functionName',
    ['functionName', 'runs', 'p50_ms', 'p99_ms', 'memory_mb'],
  ),
];

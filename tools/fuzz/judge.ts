import * as v from 'valibot';
import { OPERATIONS } from '../openapi/operations.ts';
import { ProblemAnswer } from '../../shared/contract/answers/problem-schema.ts';
import type { FunctionName } from './stage.ts';

/** Calls of the cloud's APIs, by service and action. */
type Calls = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What happened with one input. */
export interface Outcome {
  readonly name: FunctionName;
  /** What the function returned, unless there is an `error`. */
  readonly result: unknown;
  readonly error: unknown;
  readonly before: Calls;
  readonly after: Calls;
  /** What was printed meanwhile. */
  readonly printed: string;
  /** Must not appear in anything that was printed or answered. */
  readonly secrets: readonly string[];
}

/** The request is refused before its content counts, so ECS may not even be read. */
const UNREAD = new Set([400, 404, 405, 413, 415]);
const READS = /^Describe/;

/** The answers that openapi.json describes, without unknown fields. */
const ANSWERS = OPERATIONS.flatMap(({ answers }) =>
  Object.values(answers).flatMap(({ schemas }) => schemas),
);

/** The fault of an outcome; undefined when there is none. */
export function faultOf(outcome: Outcome): string | undefined {
  const { name, error, printed, secrets } = outcome;
  const leaked = secrets.find((secret) => printed.includes(secret));
  if (leaked !== undefined) return 'a secret was printed';
  if (name === 'attach') return error === undefined ? replyFault(outcome) : 'the webhook threw';
  return errorFault(error);
}

/**
 * `launch` and `restart` throw a `LatchkeyError` when the platform is to deliver the event again. Any
 * other error is a bug.
 */
export function errorFault(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  if (error instanceof Error && error.name === 'LatchkeyError') return undefined;
  return `threw ${error instanceof Error ? error.name : typeof error}`;
}

/** What the webhook answers. */
export interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly isBase64Encoded: boolean;
  readonly body: string;
}

function replyFault({ result, before, after, secrets }: Outcome): string | undefined {
  const { statusCode, headers, isBase64Encoded, body } = result as Reply;
  if (isBase64Encoded || typeof body !== 'string') return 'the reply is not a text';
  if (!Number.isInteger(statusCode) || statusCode < 200) return 'the reply has no status';
  if (statusCode >= 500) return `answered ${statusCode}, and nothing was wrong with the cloud`;
  if (secrets.some((secret) => body.includes(secret))) return 'a secret was answered';
  const isProblem = headers['content-type'] === 'application/problem+json';
  if (isProblem !== statusCode >= 400) return `${statusCode} has the wrong content type`;
  const value = JSON.parse(body) as { readonly status?: unknown };
  if (isProblem && value.status !== statusCode) return 'the problem names another status';
  const schemas = isProblem ? [ProblemAnswer] : ANSWERS;
  if (!schemas.some((schema) => v.is(schema, value))) return 'no schema describes the answer';
  return statusCode < 400 ? undefined : callFault(statusCode, before, after);
}

function callFault(status: number, before: Calls, after: Calls): string | undefined {
  const made = callsMade(before, after);
  if (status === 401 && made.length > 0) return `401, and yet ${made[0]!.join(' ')} was called`;
  const ecs = made.flatMap(([service, action]) => (service === 'ecs' ? [action] : []));
  const forbidden = UNREAD.has(status) ? ecs : ecs.filter((action) => !READS.test(action));
  return forbidden.length === 0 ? undefined : `${status}, and yet ${forbidden[0]} was called`;
}

function callsMade(before: Calls, after: Calls): [service: string, action: string][] {
  return Object.entries(after).flatMap(([service, actions]) =>
    Object.entries(actions).flatMap(([action, count]): [string, string][] =>
      count > (before[service]?.[action] ?? 0) ? [[service, action]] : [],
    ),
  );
}

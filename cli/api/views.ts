import * as v from 'valibot';
import type { InstanceAnswer } from '../../shared/contract/answers/instance-answer.ts';
import type { AnswerOf } from '../../shared/contract/answers/answer-of.ts';
import { PlanAnswer } from '../../shared/contract/answers/plan-schema.ts';
import { ListAnswer, RolloutAnswer } from '../../shared/contract/answers/rollout-schema.ts';
import { StopAnswer } from '../../shared/contract/answers/stop-schema.ts';
import { CliError, EXIT } from '../exit.ts';
import { tolerant } from './tolerant.ts';

/** The answers (docs/http.md) as the command line reads them. Other fields are kept for `--json`. */
export const PlanView = tolerant(PlanAnswer);
export type PlanView = AnswerOf<typeof PlanAnswer>;
export const RolloutView = tolerant(RolloutAnswer);
export type RolloutView = AnswerOf<typeof RolloutAnswer>;
export type InstanceView = InstanceAnswer;
export type HistoryView = RolloutView['history'][number];
export const ListView = tolerant(ListAnswer);
export type ListView = AnswerOf<typeof ListAnswer>;
export const StopView = tolerant(StopAnswer);
export type StopView = AnswerOf<typeof StopAnswer>;

/** The answer that each view was read from. */
const sources = new WeakMap<object, unknown>();

/** The unchanged answer that a view was read from, for `--json`. */
export function asItCame(view: object): unknown {
  return sources.get(view) ?? view;
}

/** @throws {CliError} `unreachable` when another service, or another version of Latchkey, answered */
export function read<T extends object>(
  schema: v.GenericSchema<unknown, T>,
  value: unknown,
  what: string,
): T {
  const result = v.safeParse(schema, value);
  if (result.success) {
    sources.set(result.output, value);
    return result.output;
  }
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? 'the whole answer';
  throw new CliError(
    EXIT.unreachable,
    `Cannot read ${what}: "${where}" in the answer is missing or malformed`,
    { document: value },
  );
}

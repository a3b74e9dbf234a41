import * as v from 'valibot';
import { type ErrorCode, LatchkeyError } from '../../shared/domain/model/errors.ts';
import { decoded, fieldsOf } from '../../shared/lib/json-fields.ts';
import { fcClient, type FcTarget, statusIn } from './fc-client.ts';

/** A trigger that a function has. */
export interface FoundTrigger {
  readonly name: string;
  readonly isOn: boolean;
  /** Where an HTTP trigger is reached from the internet; undefined for any other. */
  readonly url: string | undefined;
}

/** More than any function of ours has: so there is one page. */
const LIMIT = '100';

/** `Trigger` of @alicloud/fc20230330: its `triggerConfig` is a text of JSON. */
const Answer = v.object({
  triggers: v.array(
    v.pipe(
      v.object({
        triggerName: v.string(),
        triggerConfig: v.nullish(v.string(), ''),
        httpTrigger: v.nullish(v.object({ urlInternet: v.optional(v.string()) })),
      }),
      v.transform(({ triggerName: name, triggerConfig, httpTrigger }): FoundTrigger => {
        return { name, isOn: isOn(triggerConfig), url: httpTrigger?.urlInternet };
      }),
    ),
  ),
});

/** A timer says `enable`, a trigger of EventBridge `triggerEnable`; without either it is on. */
function isOn(config: string): boolean {
  const { enable, triggerEnable } = fieldsOf(decoded(config));
  return enable !== false && triggerEnable !== false;
}

/**
 * The triggers of a function:
 * https://www.alibabacloud.com/help/en/functioncompute/fc/developer-reference/api-fc-2023-03-30-listtriggers
 *
 * @throws {LatchkeyError} `not-found` when there is no such function, `forbidden`, `throttled`,
 * `unreachable` or `unavailable`
 */
export async function listTriggers(
  target: FcTarget,
  functionName: string,
): Promise<readonly FoundTrigger[]> {
  const path = `/functions/${encodeURIComponent(functionName)}/triggers`;
  let data: unknown;
  try {
    ({ data } = await fcClient(target).get(path, { limit: LIMIT }));
  } catch (cause) {
    throw errorOf(functionName, cause);
  }
  const read = v.safeParse(Answer, data);
  if (read.success) return read.output.triggers;
  throw new LatchkeyError('unavailable', `${cannot(functionName)}: the answer cannot be read`);
}

const BY_STATUS: Readonly<Record<string, ErrorCode>> = {
  '403': 'forbidden',
  '404': 'not-found',
  '429': 'throttled',
};
/** Nothing was reached. */
const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND']);

function errorOf(functionName: string, cause: unknown): LatchkeyError {
  if (!(cause instanceof Error)) throw cause;
  const { status, requestId } = statusIn(cause);
  const own = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  if (status === undefined) {
    const code = NO_CONNECTION.has(own) ? 'unreachable' : 'unavailable';
    return new LatchkeyError(code, `${cannot(functionName)}: ${own}`, { cause });
  }
  const state = `HTTP ${status}, request ${requestId}`;
  const code = BY_STATUS[status] ?? 'unavailable';
  return new LatchkeyError(code, `${cannot(functionName)}: ${state}`, { cause });
}

function cannot(functionName: string): string {
  return `Cannot list the triggers of "${functionName}"`;
}

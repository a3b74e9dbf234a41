import * as v from 'valibot';
import { type ErrorCode, LatchkeyError } from '../../shared/domain/model/errors.ts';
import { decoded, fieldsOf } from '../../shared/lib/json-fields.ts';
import { fcClient, fcFailure, type FcTarget } from './fc-client.ts';

export interface FoundTrigger {
  readonly name: string;
  readonly isOn: boolean;
  /** The public URL of an HTTP trigger; undefined for any other. */
  readonly url: string | undefined;
}

/** More than any function of ours has, so one page is enough. */
const LIMIT = '100';

/** `Trigger` of @alicloud/fc20230330. Its `triggerConfig` is JSON in a string. */
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

/** A timer has `enable`, an EventBridge trigger `triggerEnable`. A trigger without either is on. */
function isOn(config: string): boolean {
  const { enable, triggerEnable } = fieldsOf(decoded(config));
  return enable !== false && triggerEnable !== false;
}

const BY_STATUS: Readonly<Record<string, ErrorCode>> = {
  '403': 'forbidden',
  '404': 'not-found',
  '429': 'throttled',
};
/** No connection was made. */
const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND']);

/**
 * Lists the triggers of a function:
 * https://www.alibabacloud.com/help/en/functioncompute/fc/developer-reference/api-fc-2023-03-30-listtriggers
 *
 * @throws {LatchkeyError} `not-found` when there is no such function, `forbidden`, `throttled`,
 * `unreachable` or `unavailable`
 */
export async function listTriggers(
  target: FcTarget,
  functionName: string,
): Promise<readonly FoundTrigger[]> {
  const error = (code: ErrorCode, state: string, cause?: unknown) =>
    new LatchkeyError(code, `Cannot list the triggers of "${functionName}": ${state}`, { cause });
  const path = `/functions/${encodeURIComponent(functionName)}/triggers`;
  let data: unknown;
  try {
    ({ data } = await fcClient(target).get(path, { limit: LIMIT }));
  } catch (cause) {
    const { status, requestId, code } = fcFailure(cause);
    if (status === undefined) {
      throw error(NO_CONNECTION.has(code) ? 'unreachable' : 'unavailable', code, cause);
    }
    const state = `HTTP ${status}, request ${requestId}`;
    throw error(BY_STATUS[status] ?? 'unavailable', state, cause);
  }
  const read = v.safeParse(Answer, data);
  if (read.success) return read.output.triggers;
  throw error('unavailable', 'the answer cannot be read');
}

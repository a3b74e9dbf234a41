import type { VendorError } from '../../kernel/vendor-error.ts';
import type { WireReply, WireRequest } from '../../../http/wire.ts';
import type { FunctionConfig } from '../configuration/configuration.ts';
import { invalidArgument } from './errors.ts';

/** `ListTriggersRequest` of @alicloud/fc20230330. The default limit is not documented. */
const MAX_LIMIT = 100;

/**
 * `GET /2023-03-30/functions/{functionName}/triggers`, signed. Ids, times and status are left out: only the real
 * cloud has them.
 *
 * https://www.alibabacloud.com/help/en/functioncompute/fc/developer-reference/api-fc-2023-03-30-listtriggers
 *
 * @param url of the HTTP trigger, where it has one
 */
export function listTriggers(
  { listed }: FunctionConfig,
  { query }: WireRequest,
  requestId: string,
  url: string | undefined,
): WireReply | VendorError {
  const asked = new URLSearchParams(query);
  const limit = Number(asked.get('limit') ?? MAX_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    return invalidArgument(`limit must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  const prefix = asked.get('prefix') ?? '';
  const from = asked.get('nextToken') ?? '';
  const found = listed
    .filter(({ triggerName }) => triggerName.startsWith(prefix) && triggerName >= from)
    .toSorted((a, b) => (a.triggerName < b.triggerName ? -1 : 1));
  const next = found[limit]?.triggerName;
  const triggers = found.slice(0, limit).map(({ triggerConfig, ...trigger }) => ({
    ...trigger,
    triggerConfig: JSON.stringify(triggerConfig),
    ...(trigger.triggerType === 'http' && url !== undefined
      ? { httpTrigger: { urlInternet: url, urlIntranet: url } }
      : {}),
  }));
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'x-fc-request-id': requestId },
    body: JSON.stringify({ triggers, ...(next === undefined ? {} : { nextToken: next }) }),
  };
}

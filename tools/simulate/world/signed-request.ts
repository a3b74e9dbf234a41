import { signedHeaders, triggerEvent } from '../../../test/models/trigger-event.ts';
import { secretOf, type Who } from './clients.ts';

/** A POST of somebody, and the id that stays the same when it is sent again. */
export interface Post {
  readonly path: string;
  readonly body: unknown;
  readonly id: string;
  readonly who: Who;
}

/** A signed POST as an HTTP trigger hands it to a function. */
export function signedPost({ path, body: value, id, who }: Post, nowMs: number): unknown {
  const body = JSON.stringify(value);
  const timestampSec = Math.floor(nowMs / 1_000);
  const headers = signedHeaders(body, { secret: secretOf(who), id, timestampSec });
  return triggerEvent({ method: 'POST', path, headers, body });
}

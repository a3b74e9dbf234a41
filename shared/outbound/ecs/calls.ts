import type { Model } from '@darabonba/typescript';
import * as v from 'valibot';
import { LatchkeyError } from '../../domain/model/errors.ts';
import type { Log } from '../../domain/model/ports.ts';
import type { EcsAction, EcsClient } from './client.ts';
import { translate } from './errors.ts';

type AnswerSchema = v.GenericSchema<unknown, { readonly requestId: string }>;

const NONE: ReadonlySet<string> = new Set();

/** Calls with a schema for the answer. They log how each call ended, and reject with `LatchkeyError` only. */
export function ecsCalls(
  client: EcsClient,
  { nowMs, log }: { readonly nowMs: () => number; readonly log: Log },
) {
  /** Sends a call once. @param expected codes of failures that are no reason for a warning */
  async function call<S extends AnswerSchema>(
    action: EcsAction,
    request: Model,
    answer: S,
    expected: ReadonlySet<string> = NONE,
  ): Promise<v.InferOutput<S>> {
    const sinceMs = nowMs();
    try {
      const { statusCode, body } = await client.rpc(action, request);
      const read = v.safeParse(answer, body);
      if (statusCode !== 200 || !read.success) throw unreadable(action, statusCode);
      const { requestId } = read.output;
      log('debug', 'ecs.answered', { action, requestId, tookMs: nowMs() - sinceMs });
      return read.output;
    } catch (cause) {
      const error = translate(action, cause, nowMs());
      const level = expected.has(error.details.vendorCode ?? '') ? 'debug' : 'warn';
      log(level, 'ecs.failed', { action, tookMs: nowMs() - sinceMs, error });
      throw error;
    }
  }

  /** For calls that change nothing: sends the call again when the connection was reset. */
  async function ask<S extends AnswerSchema>(
    action: EcsAction,
    request: Model,
    answer: S,
  ): Promise<v.InferOutput<S>> {
    try {
      return await call(action, request, answer);
    } catch (error) {
      const reset = error instanceof LatchkeyError && error.details.vendorCode === 'ECONNRESET';
      if (!reset) throw error;
      return call(action, request, answer);
    }
  }

  return { call, ask };
}

/** The SDK counts a redirect and `{}` as success. Neither says what was done. */
export function unreadable(action: EcsAction, statusCode: number): LatchkeyError {
  return new LatchkeyError(
    'unavailable',
    `Cannot ${action}: the answer cannot be read (HTTP status ${statusCode})`,
  );
}

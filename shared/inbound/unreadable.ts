import type * as v from 'valibot';
import { LatchkeyError } from '../domain/model/errors.ts';
import { faultOf } from '../contract/parse.ts';
import { pointerOf } from '../lib/pointer.ts';

/** The error for an event that the platform made. Its message has the fault, since no caller can correct a field. */
export function unreadable(subject: string, issue: v.BaseIssue<unknown>): LatchkeyError {
  return new LatchkeyError('bad-request', `Cannot read ${subject}: ${whyUnreadable(issue)}`);
}

export function whyUnreadable(issue: v.BaseIssue<unknown>): string {
  const { path, detail } = faultOf(issue);
  return path.length === 0 ? detail : `"${pointerOf(path)}": ${detail}`;
}

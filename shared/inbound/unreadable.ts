import type * as v from 'valibot';
import { LatchkeyError } from '../domain/model/errors.ts';
import { faultOf } from '../contract/parse.ts';

/** The error for an event that the platform made. Its message has the fault, since no caller can correct a field. */
export function unreadable(subject: string, issue: v.BaseIssue<unknown>): LatchkeyError {
  return new LatchkeyError('bad-request', `Cannot read ${subject}: ${whyUnreadable(issue)}`);
}

export function whyUnreadable(issue: v.BaseIssue<unknown>): string {
  const { pointer, detail } = faultOf(issue);
  return pointer === '' ? detail : `"${pointer}": ${detail}`;
}

import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Log } from '../../shared/domain/model/ports.ts';

/**
 * The error as a refusal that the person in the chat is shown. Logs it.
 *
 * @throws the error itself, if it is a bug or the request is not from the platform
 */
export function refusalToShow(error: unknown, log: Log): LatchkeyError {
  if (!(error instanceof LatchkeyError) || error.code === 'unsigned') throw error;
  const { code, traits } = error;
  if (traits.fault === 'asker') log('info', 'not-done', { code });
  else log('error', 'not-done', { code, error });
  return error;
}

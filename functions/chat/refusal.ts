import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Log } from '../../shared/domain/model/ports.ts';

/**
 * What can be told to whoever asked.
 *
 * @throws everything else, as it came: a bug, and what is answered to no chat
 */
export function refusalOf(error: unknown, log: Log): LatchkeyError {
  if (!(error instanceof LatchkeyError) || error.code === 'unsigned') throw error;
  const { code, traits } = error;
  if (traits.fault === 'asker') log('info', 'not-done', { code });
  else log('error', 'not-done', { code, error });
  return error;
}

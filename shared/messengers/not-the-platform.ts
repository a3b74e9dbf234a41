import { LatchkeyError } from '../domain/model/errors.ts';

/**
 * One answer for whatever is wrong with a signature, a time, a tenant or an app.
 *
 * @param why for the log alone: whose it is instead, where the signature is good
 */
export function notThePlatform(why = ''): LatchkeyError {
  return new LatchkeyError(
    'unsigned',
    'Cannot accept the request: not signed by the chat platform and app that are set up',
    why === '' ? {} : { cause: new Error(why) },
  );
}

import { LatchkeyError } from '../domain/model/errors.ts';

/**
 * The same refusal for a wrong signature, time, tenant or app, so that a stranger learns nothing.
 *
 * @param why for the log only: if the signature is right, the app or tenant that the request was for
 */
export function notThePlatform(why = ''): LatchkeyError {
  return new LatchkeyError(
    'unsigned',
    'Cannot accept the request: not signed by the chat platform and app that are set up',
    why === '' ? {} : { cause: new Error(why) },
  );
}

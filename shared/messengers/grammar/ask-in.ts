import { LatchkeyError } from '../../domain/model/errors.ts';
import type { RolloutRequest } from '../../domain/model/request.ts';
import { parseRolloutRequest } from '../../contract/requests/rollout-request.ts';
import { inWords } from './in-words.ts';
import { Misread } from './misread.ts';
import { optionsIn } from './options.ts';
import { targetsIn } from './targets.ts';
import type { Words } from './words.ts';

interface Asked {
  readonly verb: 'attach' | 'restart';
  readonly dryRun: boolean;
  /** The deployment's own region. */
  readonly regionId: string;
}

/**
 * The request after `attach` or `restart`. The schema of the webhook reads it, so the limits are the same.
 * The caller must refuse what follows it.
 *
 * @throws {Misread} when the request is not complete, or not valid
 */
export function askIn(words: Words, { verb, dryRun, regionId }: Asked): RolloutRequest {
  const keyPairName = words.take('the name of a key pair').text;
  if (verb === 'attach') words.expect('to', 'on');
  else words.expect('on', 'to');
  const targets = targetsIn(words);
  const region = words.takeIf('in') ? words.take('a region').text : regionId;
  const options = optionsIn(words);
  const restartAlreadyAttached = verb === 'restart';
  if (restartAlreadyAttached && options['restart'] === 'never') {
    throw new Misread('Cannot restart with --no-restart: the two contradict each other', {
      hint: 'To attach without a restart: attach … --no-restart',
    });
  }
  const body = {
    regionId: region,
    keyPairName,
    ...targets,
    restart: 'auto',
    restartAlreadyAttached,
    dryRun,
    ...options,
  };
  return checked(() => parseRolloutRequest(JSON.stringify(body), { regionId }));
}

/** The result of `read`. @throws {Misread} its faults, in the words of the line */
export function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof LatchkeyError) throw inWords(error);
    throw error;
  }
}

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
 * What follows `attach` or `restart`. Every limit is the webhook's: the same schema reads it.
 *
 * What is left after it is the caller's to refuse.
 *
 * @throws {Misread} when it is not all there, or not valid
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
    throw new Misread('Cannot restart with --no-restart: they contradict each other', {
      hint: 'To bind without a restart: attach … --no-restart',
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

/** The result of reading what a line said as the webhook would. @throws {Misread} in the words of the line */
export function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof LatchkeyError) throw inWords(error);
    throw error;
  }
}

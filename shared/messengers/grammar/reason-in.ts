import { parseStop } from '../../contract/requests/control-request.ts';
import { ROLLOUT_ID } from '../../domain/model/ids.ts';
import { checked } from './ask-in.ts';
import { Misread } from './misread.ts';
import { isQuote, quotedAt } from './quotes.ts';

/**
 * The free text after `stop`, with or without quotes around it; '' when there is none.
 *
 * @throws {Misread} when another command was probably meant, or the text is too long
 */
export function reasonIn(rest: string): string {
  const text = rest.trim();
  const [first = ''] = text.split(' ', 1);
  if (ROLLOUT_ID.test(first)) {
    throw new Misread('Cannot stop one rollout: this command is for all of them', {
      hint: `For one: pause ${first}, or abort ${first}`,
    });
  }
  if (/^[-\u2010-\u2015\u2212]+[a-z]/i.test(first)) {
    throw new Misread('Cannot read options after stop: it takes only a reason');
  }
  const reason = unquoted(text);
  if (reason === '') return reason;
  return checked(() => parseStop(JSON.stringify({ action: 'stop', reason }))).reason;
}

/** The text without quotes around all of it. */
function unquoted(text: string): string {
  const quoted = isQuote(text[0]) ? quotedAt(text, 0) : undefined;
  return quoted?.to === text.length ? quoted.text.trim() : text;
}

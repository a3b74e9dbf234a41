import { parseStop } from '../../contract/requests/control-request.ts';
import { ROLLOUT_ID } from '../../domain/model/ids.ts';
import { checked } from './ask-in.ts';
import { Misread } from './misread.ts';
import { isQuote, quotedAt } from './quotes.ts';

/**
 * What follows `stop`: free text, with quotes around it or without. '' when there is none.
 *
 * @throws {Misread} when something more particular was probably meant, or it is too long
 */
export function reasonIn(rest: string): string {
  const text = rest.trim();
  const [first = ''] = text.split(' ', 1);
  if (ROLLOUT_ID.test(first)) {
    throw new Misread('Cannot stop one rollout: it is for all of them', {
      hint: `For one: pause ${first}, or abort ${first}`,
    });
  }
  if (/^[-\u2010-\u2015\u2212]+[a-z]/i.test(first)) {
    throw new Misread('Cannot read options after stop: it takes a reason and nothing else');
  }
  const reason = unquoted(text);
  if (reason === '') return reason;
  return checked(() => parseStop(JSON.stringify({ action: 'stop', reason }))).reason;
}

/** Without the quotes around the whole of it. */
function unquoted(text: string): string {
  const quoted = isQuote(text[0]) ? quotedAt(text, 0) : undefined;
  return quoted?.to === text.length ? quoted.text.trim() : text;
}

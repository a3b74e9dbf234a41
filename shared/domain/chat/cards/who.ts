import { PLATFORM_NAMES } from '../../model/chat.ts';
import type { Origin, RolloutRequest } from '../../model/request.ts';
import { counted, inOneLine, MAX_NAME } from './words.ts';

/** Who asked, and through which door. */
export function askedBy({ door, client, chat }: Origin): string {
  const name = inOneLine(client, MAX_NAME);
  switch (door) {
    case 'webhook':
      return `client ${name}, by webhook`;
    case 'chat':
      return chat === undefined
        ? `${name}, in a chat`
        : `${name}, in ${PLATFORM_NAMES[chat.account.platform]}`;
    case 'launch':
      return `launch rule ${name}`;
  }
}

/** Of `by`, which ends with the id of the request or order: who it was. */
export function whoIn(by: string): string {
  const end = by.lastIndexOf(' ');
  return inOneLine(end < 0 ? by : by.slice(0, end), MAX_NAME);
}

/** `ops-2026 on 57 instances`. */
export function subjectOf(
  { undoes, keyPairName }: Pick<RolloutRequest, 'undoes' | 'keyPairName'>,
  count: number,
): string {
  const what = undoes === null ? inOneLine(keyPairName, MAX_NAME) : `undo of ${undoes}`;
  return `${what} on ${counted(count, 'instance')}`;
}

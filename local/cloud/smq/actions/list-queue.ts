import { type Action, onlyQuery, reply } from '../action.ts';
import { RANGES } from '../limits.ts';
import { integerIn } from '../schema.ts';
import type { Xml } from '../write-xml.ts';

/**
 * https://www.alibabacloud.com/help/doc-detail/35133.htm: by name, and only the URL of each. The
 * marker is opaque to the caller: here the name that the next page begins with, in base64.
 */
export const listQueue: Action = (call) => {
  onlyQuery(call);
  const { queues, headers } = call;
  const number = headers['x-mns-ret-number'];
  const range = RANGES['x-mns-ret-number'];
  const max = number === undefined ? range.high : integerIn(number, 'x-mns-ret-number', range);
  const marker = headers['x-mns-marker'] ?? '';
  const from = Buffer.from(marker, 'base64').toString('utf8');
  const names = queues
    .all()
    .map(({ name }) => name)
    .filter((name) => name.startsWith(headers['x-mns-prefix'] ?? '') && name >= from)
    .toSorted();
  const page = names.slice(0, max).map((name): Xml => {
    return ['Queue', [['QueueURL', `http://${headers['host'] ?? ''}/queues/${name}`]]];
  });
  const next = names[max];
  const nextMarker = next && Buffer.from(next).toString('base64');
  return reply(200, ['Queues', [...page, ['NextMarker', nextMarker]]]);
};

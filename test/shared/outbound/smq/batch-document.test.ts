import { test } from 'vitest';
import { readBatchAnswer } from '../../../../shared/outbound/smq/batch-document.ts';

const sent = '<Message><MessageId>1</MessageId><MessageBodyMD5>M</MessageBodyMD5></Message>';
const failed =
  '<Message><ErrorCode>InternalError</ErrorCode><ErrorMessage>Oh &amp; ah</ErrorMessage></Message>';
const all = (...entries: string[]) =>
  `<?xml version="1.0"?><Messages xmlns="http://mns.aliyuncs.com/doc/v1/">${entries.join('')}</Messages>`;

test.for([true, false])(
  'a partial failure is read by its shape, whatever the status says (ok: %s)',
  (ok, { expect }) => {
    expect(readBatchAnswer(all(sent, failed), 2, ok)).toEqual({
      kind: 'entries',
      entries: [undefined, { code: 'InternalError', message: 'Oh & ah' }],
    });
  },
);

test('an error of the whole call is refused with its request id', async ({ expect }) => {
  const document =
    '<Error><Code>QueueNotExist</Code><Message>no</Message><RequestId>R</RequestId></Error>';
  expect(readBatchAnswer(document, 2, false)).toEqual({
    kind: 'refused',
    failure: { code: 'QueueNotExist', message: 'no' },
    requestId: 'R',
  });
});

test.for([
  ['<html><body><h1>502 Bad Gateway</h1></body></html>', 'a page of a proxy'],
  ['{}', 'an empty object'],
  ['', 'nothing'],
  [all(sent), 'fewer messages than sent'],
  [all(sent, sent, sent), 'more messages than sent'],
  [all(sent, '<Message/>'), 'a message with neither id nor error'],
  [all(sent, '<Other><MessageId>1</MessageId></Other>'), 'an element that is no message'],
  [all(sent, sent).replaceAll('Messages', 'Queues'), 'another document'],
  [all(sent, sent).slice(0, -20), 'a part of a document'],
  ['<Error><Message>no code</Message></Error>', 'an error without a code'],
] as const)('%s is never a success: %s', ([document], { expect }) => {
  expect(readBatchAnswer(document, 2, true).kind).toBe('unreadable');
});

test('every message sent under a status that says failure is not believed', async ({ expect }) => {
  expect(readBatchAnswer(all(sent, sent), 2, false).kind).toBe('unreadable');
});

import { test } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import { readBatchAnswer } from '../../../../shared/outbound/smq/batches.ts';

const sent = '<Message><MessageId>1</MessageId><MessageBodyMD5>M</MessageBodyMD5></Message>';
const failed =
  '<Message><ErrorCode>InternalError</ErrorCode><ErrorMessage>Oh &amp; ah</ErrorMessage></Message>';
const all = (...entries: string[]) =>
  `<?xml version="1.0"?><Messages xmlns="http://mns.aliyuncs.com/doc/v1/">${entries.join('')}</Messages>`;

const read = (document: string, status: number) =>
  readBatchAnswer({ status, body: Buffer.from(document) }, 'results', 2);

function errorOf(document: string, status: number): unknown {
  try {
    return read(document, status);
  } catch (error) {
    return error;
  }
}

test.for([201, 500])(
  'a partial failure is read by its elements, also with status %i',
  (status, { expect }) => {
    expect(read(all(sent, failed), status)).toEqual([
      undefined,
      expect.objectContaining({
        code: 'unavailable',
        message: 'Cannot send to queue "results": InternalError Oh & ah',
      }),
    ]);
  },
);

test('an error of the whole call is thrown with its request id', async ({ expect }) => {
  const document =
    '<Error><Code>QueueNotExist</Code><Message>no</Message><RequestId>R</RequestId></Error>';
  expect(errorOf(document, 404)).toMatchObject({
    code: 'refused',
    message: 'Cannot send to queue "results": QueueNotExist no',
    details: { vendorCode: 'QueueNotExist', requestId: 'R' },
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
  expect(errorOf(document, 201)).toBeInstanceOf(LatchkeyError);
  expect(errorOf(document, 201)).toMatchObject({ code: 'unavailable' });
});

test('a failed call is unavailable although it reports every message as sent', ({ expect }) => {
  expect(errorOf(all(sent, sent), 500)).toMatchObject({ code: 'unavailable' });
});

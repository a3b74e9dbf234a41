import { test } from 'vitest';
import { codeOf, raw, type RawRequest, smqCloud } from './a-cloud.ts';

const NS = 'xmlns="http://mns.aliyuncs.com/doc/v1/"';
const message = (inside: string) => `<Message ${NS}>${inside}</Message>`;
const messages = (...bodies: string[]) =>
  `<Messages ${NS}>${bodies.map((body) => `<Message><MessageBody>${body}</MessageBody></Message>`).join('')}</Messages>`;
const post = (body: string): RawRequest => ({
  method: 'POST',
  resource: '/queues/q/messages',
  body,
});
const get = (resource: string): RawRequest => ({ resource });
const put = (resource: string, body: string): RawRequest => ({ method: 'PUT', resource, body });

const REFUSED: readonly (readonly [string, number, string, RawRequest])[] = [
  ['XML that is cut off', 400, 'MalformedXML', post(`<Message ${NS}><MessageBody>a`)],
  [
    'JSON in the body without escaping',
    400,
    'MalformedXML',
    post(message('<MessageBody>{"a":"<b> & c"}</MessageBody>')),
  ],
  ['another root', 400, 'InvalidArgument', post(`<Mail ${NS}/>`)],
  ['no namespace', 400, 'InvalidArgument', post('<Message><MessageBody>a</MessageBody></Message>')],
  [
    'an unknown element',
    400,
    'InvalidArgument',
    post(message('<MessageBody>a</MessageBody><Group>1</Group>')),
  ],
  ['no body', 400, 'InvalidArgument', post(message('<Priority>1</Priority>'))],
  ['an empty body', 400, 'InvalidArgument', post(message('<MessageBody></MessageBody>'))],
  [
    'a delay too long',
    400,
    'InvalidArgument',
    post(message('<MessageBody>a</MessageBody><DelaySeconds>604801</DelaySeconds>')),
  ],
  [
    'a delay that is no number',
    400,
    'InvalidArgument',
    post(message('<MessageBody>a</MessageBody><DelaySeconds>soon</DelaySeconds>')),
  ],
  [
    'priority 17',
    400,
    'InvalidArgument',
    post(message('<MessageBody>a</MessageBody><Priority>17</Priority>')),
  ],
  [
    'a body over 64 KB',
    400,
    'InvalidArgument',
    post(message(`<MessageBody>${'x'.repeat(65_537)}</MessageBody>`)),
  ],
  ['17 messages', 400, 'InvalidArgument', post(messages(...Array.from({ length: 17 }, () => 'a')))],
  [
    '64 KB in two messages and a byte',
    400,
    'InvalidArgument',
    post(messages('x'.repeat(32_768), 'x'.repeat(32_769))),
  ],
  ['a batch of none', 400, 'InvalidArgument', post(messages())],
  [
    'a queue that is not there',
    404,
    'QueueNotExist',
    { ...post(message('<MessageBody>a</MessageBody>')), resource: '/queues/none/messages' },
  ],
  ['a wait of 31 s', 400, 'InvalidArgument', get('/queues/q/messages?waitseconds=31')],
  ['17 messages at once', 400, 'InvalidArgument', get('/queues/q/messages?numOfMessages=17')],
  ['an unknown query item', 400, 'InvalidQueryString', get('/queues/q/messages?wait=1')],
  ['an empty queue', 404, 'MessageNotExist', get('/queues/q/messages')],
  ['an empty queue, in batch', 404, 'MessageNotExist', get('/queues/q/messages?numOfMessages=16')],
  [
    'a handle that is none',
    400,
    'ReceiptHandleError',
    { method: 'DELETE', resource: '/queues/q/messages?ReceiptHandle=abc' },
  ],
  [
    'a handle of long ago',
    404,
    'MessageNotExist',
    {
      method: 'DELETE',
      resource:
        '/queues/q/messages?ReceiptHandle=1-ODU4OTkzNDU5My0xNDM1MTk3NjAwLTItNg%3D%3D'.replace(
          'LTItNg%3D%3D',
          'LTI%3D',
        ),
    },
  ],
  ['no handle', 400, 'MissingReceiptHandle', { method: 'DELETE', resource: '/queues/q/messages' }],
  [
    'no handle to hide',
    400,
    'MissingReceiptHandle',
    put('/queues/q/messages?visibilityTimeout=5', ''),
  ],
  [
    'no visibility',
    400,
    'MissingVisibilityTimeout',
    put('/queues/q/messages?receiptHandle=abc', ''),
  ],
  [
    'a visibility of 12 h and a second',
    400,
    'InvalidArgument',
    put('/queues/q/messages?receiptHandle=abc&visibilityTimeout=43201', ''),
  ],
  ['a name that begins with a digit', 400, 'InvalidQueueName', put('/queues/1q', `<Queue ${NS}/>`)],
  [
    'a name of 121 characters',
    400,
    'QueueNameLengthError',
    put(`/queues/${'q'.repeat(121)}`, `<Queue ${NS}/>`),
  ],
  [
    'a retention of 8 days',
    400,
    'InvalidArgument',
    put(
      '/queues/r',
      `<Queue ${NS}><MessageRetentionPeriod>691200</MessageRetentionPeriod></Queue>`,
    ),
  ],
  [
    'an attribute of the control plane',
    400,
    'InvalidArgument',
    put('/queues/r', `<Queue ${NS}><DlqPolicy>{}</DlqPolicy></Queue>`),
  ],
  [
    'attributes for a queue that is not there',
    404,
    'QueueNotExist',
    put('/queues/none?metaoverride=true', `<Queue ${NS}/>`),
  ],
  ['another path', 400, 'InvalidRequestURL', get('/queues/q/mail')],
  [
    'another method',
    400,
    'InvalidRequestURL',
    { method: 'POST', resource: '/queues/q', body: `<Queue ${NS}/>` },
  ],
];

for (const [what, status, code, request] of REFUSED) {
  test(`${what}: ${code}`, async ({ expect }) => {
    await smqCloud(async ({ endpoint, smq }) => {
      smq.createQueue('q');
      const answer = await raw(endpoint, request);
      expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
      expect(smq.state()).toMatchObject({ q: { active: 0, inactive: 0, delayed: 0 } });
    });
  });
}

test('16 messages of 64 KB together are taken', async ({ expect }) => {
  await smqCloud(async ({ endpoint, smq }) => {
    smq.createQueue('q');
    const bodies = Array.from({ length: 16 }, () => 'x'.repeat(4_096));
    expect((await raw(endpoint, post(messages(...bodies)))).status).toBe(201);
    expect(smq.receive('q', 100)).toHaveLength(16);
  });
});

test('escaped text arrives as it was meant', async ({ expect }) => {
  await smqCloud(async ({ endpoint, smq }) => {
    smq.createQueue('q');
    const body = message(
      '<MessageBody>{&quot;a&quot;:&quot;&lt;b&gt; &amp; é&quot;}</MessageBody>',
    );
    expect((await raw(endpoint, post(body))).status).toBe(201);
    const received = await raw(endpoint, get('/queues/q/messages'));
    expect(received.text).toContain(
      '<MessageBody>{&quot;a&quot;:&quot;&lt;b&gt; &amp; é&quot;}</MessageBody>',
    );
    expect(smq.state()).toMatchObject({ q: { messages: [{ body: '{"a":"<b> & é"}' }] } });
  });
});

test('query names are taken in any case, and the Java namespace too', async ({ expect }) => {
  await smqCloud(async ({ endpoint, smq }) => {
    smq.createQueue('q');
    const body =
      '<Message xmlns="http://mns.aliyuncs.com/doc/v1"><MessageBody>a</MessageBody></Message>';
    expect((await raw(endpoint, post(body))).status).toBe(201);
    const [received] = smq.receive('q', 1);
    const handle = encodeURIComponent(received!.receiptHandle);
    const resource = `/queues/q/messages?RECEIPTHANDLE=${handle}`;
    expect((await raw(endpoint, { method: 'DELETE', resource })).status).toBe(204);
  });
});

test('queues are listed in pages', async ({ expect }) => {
  await smqCloud(async ({ endpoint, smq }) => {
    for (const name of ['c', 'a', 'b', 'other']) smq.createQueue(name);
    const names = (text: string) => [...text.matchAll(/queues\/([a-z]+)</g)].map((one) => one[1]);
    const first = await raw(endpoint, { headers: { 'x-mns-ret-number': '2' } });
    expect(names(first.text)).toEqual(['a', 'b']);
    const marker = /<NextMarker>(.*?)</.exec(first.text)![1]!;
    const second = await raw(endpoint, { headers: { 'x-mns-marker': marker } });
    expect(names(second.text)).toEqual(['c', 'other']);
    expect(second.text).not.toContain('NextMarker');
  });
});

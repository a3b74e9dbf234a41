import Client from '@alicloud/mns';
import { test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../local/cloud/kernel/settings.ts';
import { smqCloud, START_MS } from './a-cloud.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('the official SDK creates, changes, lists and deletes queues', async ({ expect }) => {
  await smqCloud(async ({ client, endpoint }) => {
    const created = await client.createQueue('restarts', { VisibilityTimeout: 60 });
    expect(created).toMatchObject({
      code: 201,
      headers: { location: `${endpoint}/queues/restarts` },
    });
    expect((await client.createQueue('restarts', { VisibilityTimeout: 60 })).code).toBe(204);
    await expect(client.createQueue('restarts', { VisibilityTimeout: 61 })).rejects.toMatchObject({
      name: 'MNSQueueAlreadyExistError',
    });

    expect((await client.setQueueAttributes('restarts', { DelaySeconds: 5 })).code).toBe(204);
    expect((await client.getQueueAttributes('restarts')).body).toEqual({
      QueueName: 'restarts',
      CreateTime: String(START_MS / 1_000),
      LastModifyTime: String(START_MS / 1_000),
      DelaySeconds: '5',
      MaximumMessageSize: '65536',
      MessageRetentionPeriod: '345600',
      VisibilityTimeout: '60',
      PollingWaitSeconds: '0',
      ActiveMessages: '0',
      InactiveMessages: '0',
      DelayMessages: '0',
      LoggingEnabled: 'False',
    });

    await client.createQueue('results');
    await client.createQueue('other');
    const page = await client.listQueue('', 1, 're');
    expect(page.body).toEqual([{ QueueURL: `${endpoint}/queues/restarts` }]);
    expect((await client.deleteQueue('restarts')).code).toBe(204);
    await expect(client.getQueueAttributes('restarts')).rejects.toMatchObject({
      name: 'MNSQueueNotExistError',
    });
  });
});

test('the official SDK sends, peeks, receives, hides and deletes a message', async ({ expect }) => {
  await smqCloud(async ({ client, clock }) => {
    await client.createQueue('q');
    const sent = await client.sendMessage('q', { MessageBody: base64('hello'), Priority: 3 });
    expect(sent).toMatchObject({
      code: 201,
      // printf aGVsbG8= | md5sum
      body: { MessageBodyMD5: '0733351879B2FA9BD05C7CA3061529C0' },
    });
    expect(Object.keys(sent.body)).not.toContain('ReceiptHandle');

    clock.advance(1_500);
    const peeked = await client.peekMessage('q');
    expect(peeked.body).toEqual({
      MessageId: sent.body['MessageId'],
      MessageBody: base64('hello'),
      MessageBodyMD5: sent.body['MessageBodyMD5'],
      EnqueueTime: String(START_MS),
      FirstDequeueTime: String(START_MS),
      DequeueCount: '0',
      Priority: '3',
    });

    const received = await client.receiveMessage('q');
    expect(received).toMatchObject({
      code: 200,
      body: {
        MessageId: sent.body['MessageId'],
        MessageBody: base64('hello'),
        NextVisibleTime: String(START_MS + 1_500 + 30_000),
        FirstDequeueTime: String(START_MS + 1_500),
        DequeueCount: '1',
      },
    });
    await expect(client.receiveMessage('q')).rejects.toMatchObject({
      name: 'MNSMessageNotExistError',
    });

    const first = received.body['ReceiptHandle']!;
    const changed = await client.changeMessageVisibility('q', first, 100);
    expect(changed.body['NextVisibleTime']).toBe(String(START_MS + 1_500 + 100_000));
    await expect(client.deleteMessage('q', first)).rejects.toMatchObject({
      name: 'MNSMessageNotExistError',
    });
    expect((await client.deleteMessage('q', changed.body['ReceiptHandle']!)).code).toBe(204);
    clock.advance(200_000);
    await expect(client.peekMessage('q')).rejects.toMatchObject({
      name: 'MNSMessageNotExistError',
    });
  });
});

test('the official SDK sends, peeks, receives and deletes in batches', async ({ expect }) => {
  await smqCloud(async ({ client }) => {
    await client.createQueue('q');
    const bodies = Array.from({ length: 16 }, (_, n) => base64(`message ${n}`));
    const sent = await client.batchSendMessage(
      'q',
      bodies.map((MessageBody) => ({ MessageBody })),
    );
    expect(sent.code).toBe(201);
    expect(sent.body).toHaveLength(16);
    expect((await client.batchPeekMessage('q', 2)).body.map((one) => one['MessageBody'])).toEqual(
      bodies.slice(0, 2),
    );

    const received = await client.batchReceiveMessage('q', 16);
    expect(received.body.map((one) => one['MessageBody'])).toEqual(bodies);
    expect(received.body.map((one) => one['MessageId'])).toEqual(
      sent.body.map((one) => one['MessageId']),
    );
    const handles = received.body.map((one) => one['ReceiptHandle']!);
    expect(await client.batchDeleteMessage('q', handles.slice(0, 15))).toMatchObject({
      code: 204,
      body: undefined,
    });
    const again = await client.batchDeleteMessage('q', [handles[0]!, handles[15]!]);
    expect(again).toMatchObject({
      code: 404,
      body: [{ ErrorCode: 'MessageNotExist', ReceiptHandle: handles[0] }],
    });
    expect((await client.getQueueAttributes('q')).body).toMatchObject({
      ActiveMessages: '0',
      InactiveMessages: '0',
    });
  });
});

test('one message of a batch that is too large fails alone', async ({ expect }) => {
  await smqCloud(async ({ client }) => {
    await client.createQueue('q', { MaximumMessageSize: 1_024 });
    const sent = await client.batchSendMessage('q', [
      { MessageBody: 'good' },
      { MessageBody: 'x'.repeat(1_025) },
    ]);
    expect(sent).toMatchObject({
      code: 500,
      body: [
        { MessageBodyMD5: expect.any(String) },
        {
          ErrorCode: 'InvalidArgument',
          ErrorMessage: 'The value of MessageBody should between 1 and 1024 seconds/bytes.',
        },
      ],
    });
    expect((await client.getQueueAttributes('q')).body['ActiveMessages']).toBe('1');
  });
});

test('a fault can fail one message of a batch by its place', async ({ expect }) => {
  await smqCloud(async ({ client, kernel }) => {
    await client.createQueue('q');
    kernel.faults.replace([
      {
        service: 'smq',
        action: 'BatchSendMessage',
        kind: 'instance-failure',
        instanceIds: ['2'],
        code: 'InternalError',
      },
    ]);
    const sent = await client.batchSendMessage('q', [{ MessageBody: 'a' }, { MessageBody: 'b' }]);
    expect(sent.body[1]).toMatchObject({ ErrorCode: 'InternalError' });
    expect((await client.peekMessage('q')).body['MessageBody']).toBe('a');
  });
});

test('function credentials sign with their token, and not without it', async ({ expect }) => {
  await smqCloud(async ({ client, kernel, endpoint }) => {
    await client.createQueue('q');
    const { accountId } = DEFAULT_SETTINGS;
    const { securityToken, ...key } = kernel.account.issueSts('restart', 'c-1');
    const withToken = new Client(accountId, { ...key, securityToken, endpoint });
    expect((await withToken.sendMessage('q', { MessageBody: 'a' })).code).toBe(201);

    const denied = { name: 'MNSAccessDeniedError' };
    const withoutToken = new Client(accountId, { ...key, endpoint });
    await expect(withoutToken.getQueueAttributes('q')).rejects.toMatchObject(denied);
    const wrong = new Client(accountId, { ...key, securityToken: 'another', endpoint });
    await expect(wrong.getQueueAttributes('q')).rejects.toMatchObject(denied);
    kernel.account.revoke(key.accessKeyId);
    await expect(withToken.getQueueAttributes('q')).rejects.toMatchObject({
      name: 'MNSInvalidAccessKeyIdError',
    });
  });
});

test('a throttled call is told so with a status of 400', async ({ expect }) => {
  await smqCloud(async ({ client, kernel, clock }) => {
    await client.createQueue('q');
    kernel.faults.replace([{ service: 'smq', action: 'SendMessage', kind: 'throttle' }]);
    const send = () => client.sendMessage('q', { MessageBody: 'a' });
    await expect(send()).rejects.toMatchObject({
      name: 'MNSQpsLimitExceededError',
      message: expect.stringContaining('failed with 400'),
    });
    await expect(send()).rejects.toMatchObject({ name: 'MNSQpsLimitExceededError' });
    clock.advance(60_000);
    expect((await send()).code).toBe(201);
    expect(kernel.calls.of('smq', 'SendMessage')).toBe(3);
  });
});

import { test } from 'vitest';
import { smqCloud, START_MS, until } from './a-cloud.ts';

const bodies = (messages: readonly { readonly body: string }[]) => messages.map(({ body }) => body);

test('a delayed message comes when its time has come, and not before', async ({ expect }) => {
  await smqCloud(async ({ client, smq, clock }) => {
    smq.createQueue('q', { DelaySeconds: 10 });
    await client.sendMessage('q', { MessageBody: 'by the queue' });
    await client.sendMessage('q', { MessageBody: 'by itself', DelaySeconds: 20 });
    await client.sendMessage('q', { MessageBody: 'at once', DelaySeconds: 0 });
    expect(bodies(smq.receive('q', 16))).toEqual(['at once']);
    clock.advance(9_999);
    expect(smq.receive('q', 16)).toEqual([]);
    clock.advance(1);
    expect(bodies(smq.receive('q', 16))).toEqual(['by the queue']);
    clock.advance(10_000);
    expect(bodies(smq.receive('q', 16))).toEqual(['by itself']);
  });
});

test('a delayed message can be deleted by the handle that its sender got', async ({ expect }) => {
  await smqCloud(async ({ client, smq, clock }) => {
    smq.createQueue('q');
    const sent = await client.sendMessage('q', { MessageBody: 'a', DelaySeconds: 60 });
    const counts = (await client.getQueueAttributes('q')).body;
    expect(counts).toMatchObject({ ActiveMessages: '0', DelayMessages: '1' });
    expect((await client.deleteMessage('q', sent.body['ReceiptHandle']!)).code).toBe(204);
    clock.advance(60_000);
    expect(smq.receive('q', 1)).toEqual([]);
  });
});

test('a message that is not deleted comes again with a new handle', async ({ expect }) => {
  await smqCloud(async ({ client, smq, clock }) => {
    smq.createQueue('q', { VisibilityTimeout: 30 });
    smq.send('q', 'a');
    const [first] = smq.receive('q', 1);
    clock.advance(29_999);
    expect(smq.receive('q', 1)).toEqual([]);
    clock.advance(1);
    const [second] = smq.receive('q', 1);
    expect(second).toMatchObject({
      messageId: first!.messageId,
      dequeueCount: 2,
      firstDequeuedAtMs: START_MS,
    });
    await expect(client.deleteMessage('q', first!.receiptHandle)).rejects.toMatchObject({
      name: 'MNSMessageNotExistError',
    });
    expect(smq.delete('q', second!.receiptHandle)).toBe(true);
    expect(smq.delete('q', second!.receiptHandle)).toBe(false);
  });
});

test('a handle is void from the moment its message is visible again', async ({ expect }) => {
  await smqCloud(async ({ smq, clock }) => {
    smq.createQueue('q');
    smq.send('q', 'a');
    const [message] = smq.receive('q', 1);
    clock.advance(30_000);
    expect(smq.delete('q', message!.receiptHandle)).toBe(false);
    expect(smq.state()).toMatchObject({ q: { active: 1 } });
  });
});

test('hiding a message longer counts from then on', async ({ expect }) => {
  await smqCloud(async ({ smq, clock }) => {
    smq.createQueue('q');
    smq.send('q', 'a');
    const [message] = smq.receive('q', 1);
    clock.advance(20_000);
    const handle = smq.extend('q', message!.receiptHandle, 30_000);
    clock.advance(29_999);
    expect(smq.receive('q', 1)).toEqual([]);
    expect(smq.delete('q', handle!)).toBe(true);
  });
});

test('a message is gone when its retention is over, received or not', async ({ expect }) => {
  await smqCloud(async ({ smq, clock }) => {
    smq.createQueue('q', { MessageRetentionPeriod: 60, VisibilityTimeout: 43_200 });
    smq.send('q', 'received');
    smq.receive('q', 1);
    smq.send('q', 'waiting');
    clock.advance(59_999);
    expect(smq.state()).toMatchObject({ q: { active: 1, inactive: 1 } });
    clock.advance(1);
    expect(smq.state()).toMatchObject({ q: { active: 0, inactive: 0 } });
    expect(smq.receive('q', 16)).toEqual([]);
  });
});

test('priority goes before age', async ({ expect }) => {
  await smqCloud(async ({ client, smq }) => {
    smq.createQueue('q');
    await client.sendMessage('q', { MessageBody: 'default' });
    await client.sendMessage('q', { MessageBody: 'last', Priority: 16 });
    await client.sendMessage('q', { MessageBody: 'first', Priority: 1 });
    expect(bodies(smq.receive('q', 16))).toEqual(['first', 'default', 'last']);
  });
});

test('a long poll is answered by the message that it waited for', async ({ expect }) => {
  await smqCloud(async ({ client, kernel, smq }) => {
    smq.createQueue('q');
    const waiting = client.batchReceiveMessage('q', 16, 30);
    await until(() => kernel.calls.of('smq', 'BatchReceiveMessage') === 1);
    await client.batchSendMessage('q', [{ MessageBody: 'a' }, { MessageBody: 'b' }]);
    expect((await waiting).body.map((one) => one['MessageBody'])).toEqual(['a', 'b']);
  });
});

test('a long poll ends empty when its time is over', async ({ expect }) => {
  await smqCloud(async ({ client, kernel, clock, smq }) => {
    smq.createQueue('q', { PollingWaitSeconds: 7 });
    const waiting = expect(client.receiveMessage('q')).rejects.toMatchObject({
      name: 'MNSMessageNotExistError',
    });
    await until(() => clock.nextMs() === START_MS + 7_000);
    expect(kernel.calls.of('smq', 'ReceiveMessage')).toBe(1);
    clock.advance(7_000);
    await waiting;
  });
});

test('a long poll ends when the queue is deleted', async ({ expect }) => {
  await smqCloud(async ({ client, clock, smq }) => {
    smq.createQueue('q');
    const waiting = expect(client.receiveMessage('q', 30)).rejects.toMatchObject({
      name: 'MNSQueueNotExistError',
    });
    await until(() => clock.nextMs() !== undefined);
    await client.deleteQueue('q');
    await waiting;
  });
});

test('a long poll gets a message that becomes visible while it waits', async ({ expect }) => {
  await smqCloud(async ({ client, kernel, clock, smq }) => {
    smq.createQueue('q');
    smq.send('q', 'late', 5);
    const waiting = client.receiveMessage('q', 30);
    await until(() => kernel.calls.of('smq', 'ReceiveMessage') === 1);
    clock.advance(5_000);
    expect((await waiting).body['MessageBody']).toBe('late');
  });
});
